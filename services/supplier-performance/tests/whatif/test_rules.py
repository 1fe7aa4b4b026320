"""On which days a change is tried, and for how long grades would have been others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from supplier_performance.templates.rules.template import Consequence
from supplier_performance.whatif.rules import Standing, barred, month_ends, spans

DAYS = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 15)]


def standing(grade: str | None, consequence: Consequence = Consequence.NONE) -> Standing:
    return Standing(grade, Decimal(50), consequence)


def course(*grades: str | None) -> dict[date, Standing]:
    return {day: standing(grade) for day, grade in zip(DAYS, grades, strict=True) if grade}


def test_a_change_is_tried_at_the_ends_of_months_and_on_the_last_day() -> None:
    assert month_ends(date(2026, 1, 10), date(2026, 4, 15)) == DAYS
    assert month_ends(date(2026, 1, 31), date(2026, 1, 31)) == [date(2026, 1, 31)]


def test_a_span_is_of_one_pair_of_grades() -> None:
    found = spans(DAYS, course("A", "B", "B", "C"), course("A", "C", "C", "D"))
    assert [(one.first, one.last, one.held.grade, one.tried.grade) for one in found] == [
        (DAYS[1], DAYS[2], "B", "C"),
        (DAYS[3], DAYS[3], "C", "D"),
    ]
    assert spans(DAYS, course("A", None, None, "C"), course("A", None, "B", "C"))[0].held.grade is None


GRADES = st.lists(st.sampled_from(["A", "B", None]), min_size=4, max_size=4)


@given(GRADES, GRADES)
def test_spans_are_the_days_on_which_grades_differ(one: list[str | None], other: list[str | None]) -> None:
    found = spans(DAYS, course(*one), course(*other))
    covered = [day for span in found for day in DAYS if span.first <= day <= span.last]
    assert covered == [day for day, a, b in zip(DAYS, one, other, strict=True) if a != b]


def test_what_a_day_makes_holds_until_the_next_one() -> None:
    stops = {
        DAYS[0]: standing("E", Consequence.NO_NEW_ORDERS),
        DAYS[3]: standing("E", Consequence.NO_NEW_ORDERS),
    }
    assert barred(DAYS, stops, course("E", "E", "E", "E")) == [
        (DAYS[0], date(2026, 2, 27)),
        (DAYS[3], DAYS[3]),
    ]
    assert barred(DAYS, stops, stops) == []
