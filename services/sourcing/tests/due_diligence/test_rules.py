"""Where a complaint may go, and how a year's measures stand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import ConflictError
from sourcing.due_diligence.rules import (
    MOVES,
    ComplaintMove,
    ComplaintStatus,
    MeasureKept,
    measures_of,
    moved,
)

TODAY = date(2026, 11, 20)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
measures = st.lists(st.builds(MeasureKept, days, st.none() | days), max_size=8)


@given(measures, st.integers(2025, 2027), days)
def test_every_measure_of_a_year_is_counted_once(measures: list[MeasureKept], year: int, on: date) -> None:
    found = measures_of(year, measures, on)
    assert found.due == sum(one.due_on.year == year for one in measures)
    assert found.done_in_time + found.done_late + found.overdue <= found.due
    later = measures_of(
        year, measures, max([on, date(year, 12, 31), *(one.due_on for one in measures)]) + _DAY
    )
    assert later.done_in_time + later.done_late + later.overdue == later.due


_DAY = timedelta(days=1)


def test_a_measure_is_in_time_on_its_day_and_overdue_behind_it() -> None:
    kept = [MeasureKept(TODAY, TODAY), MeasureKept(TODAY - _DAY, TODAY), MeasureKept(TODAY, None)]
    found = measures_of(2026, kept, TODAY)
    assert (found.done_in_time, found.done_late, found.overdue) == (1, 1, 0)
    assert measures_of(2026, kept, TODAY + _DAY).overdue == 1


@pytest.mark.parametrize("status", ComplaintStatus)
@pytest.mark.parametrize("move", ComplaintMove)
def test_a_complaint_moves_by_the_table_and_else_says_how(
    status: ComplaintStatus, move: ComplaintMove
) -> None:
    if (status, move) in MOVES:
        assert moved(status, move) is MOVES[status, move]
        return
    with pytest.raises(ConflictError) as refused:
        moved(status, move)
    assert refused.value.extensions["allowed"] == [m.value for s, m in MOVES if s is status]
