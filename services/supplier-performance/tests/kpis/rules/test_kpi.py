"""Where periods begin, and what a definition counts on each side."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from supplier_performance.kpis.rules.grammar import SpreadOf
from supplier_performance.kpis.rules.kpi import PERIODS, By, begins
from supplier_performance.kpis.rules.shipped import SHIPPED


@pytest.mark.parametrize(
    ("by", "back", "begun"),
    [
        (By.DAY, 2, date(2026, 2, 16)),
        (By.WEEK, 0, date(2026, 2, 16)),
        (By.WEEK, 1, date(2026, 2, 9)),
        (By.MONTH, 2, date(2025, 12, 1)),
        (By.QUARTER, 0, date(2026, 1, 1)),
        (By.QUARTER, 1, date(2025, 10, 1)),
        (By.YEAR, 3, date(2023, 1, 1)),
    ],
)
def test_periods_begin_on_their_first_days(by: By, back: int, begun: date) -> None:
    assert begins(date(2026, 2, 18), by, back) == begun


@given(day=st.dates(date(1990, 1, 1), date(2100, 1, 1)), by=st.sampled_from(list(PERIODS)))
def test_the_period_before_ends_where_one_begins(day: date, by: By) -> None:
    first = begins(day, by)
    assert first <= day
    assert begins(first, by) == first
    assert begins(date.fromordinal(first.toordinal() - 1), by) == begins(day, by, 1)


def test_the_sides_of_a_quotient_over_other_facts_are_definitions_of_their_own() -> None:
    moves, spend, share = (SHIPPED[code].definition for code in ("promise-moves", "dependency", "on-time"))
    assert (moves.above.of, moves.above.denominator, moves.above.denominator_of) == ("promises", None, None)
    assert moves.below is not None
    assert (moves.below.of, moves.below.numerator) == ("lines", moves.denominator)
    assert spend.below is not None
    assert (spend.below.of, spend.below.over_all_suppliers) == ("lines", False)
    assert share.below is None


def test_a_spread_begins_below_its_end() -> None:
    with pytest.raises(ValidationError):
        SpreadOf.model_validate(
            {"aggregate": "spread", "column": "lead_days", "lower": "0.9", "upper": "0.9"}
        )
