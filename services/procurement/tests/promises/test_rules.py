"""Promises: three days of a schedule, none of which takes another's place, and what is due of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules.drafts import DraftLine
from procurement.orders.rules.schedules import Schedule
from procurement.promises.rules import (
    Dates,
    Move,
    MovedBy,
    Promise,
    ScheduleHorizon,
    check_move,
    check_whose,
    dates_of,
    is_firm,
    moved_by_amendment,
    moves_what_is_due,
)
from purveyor.errors import ConflictError, FieldError, ForbiddenError, InvalidError

NEEDED = date(2026, 3, 20)
TODAY = date(2026, 3, 2)
BUYER, SUPPLIER = MovedBy.BUYER, MovedBy.SUPPLIER
MOVES = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(MovedBy), st.booleans()),
    max_size=6,
)


def promises(*moves: tuple[int, MovedBy, bool]) -> list[Promise]:
    """Return promises so many days after the one that is needed."""
    found: list[Promise] = []
    for nth, (days, moved_by, agreed) in enumerate(moves, start=1):
        found.append(
            Promise(
                line_number=1,
                schedule_number=1,
                nth=nth,
                promised_on=NEEDED + timedelta(days),
                moved_from=found[-1].promised_on if found else NEEDED,
                moved_by=moved_by,
                agreed=agreed,
                reason=None,
                reason_for_supplier=None,
                stated_by="somebody",
                stated_on=TODAY,
                stated_at=datetime(2026, 3, 2, tzinfo=UTC),
            )
        )
    return found


def due(*moves: tuple[int, MovedBy, bool]) -> int:
    return (dates_of(NEEDED, promises(*moves)).due_on - NEEDED).days


def test_what_nobody_promised_is_due_when_it_is_needed() -> None:
    assert dates_of(NEEDED, []) == Dates(NEEDED, None, None, NEEDED)


def test_the_first_promise_that_the_buyer_agrees_with_is_due() -> None:
    assert due((0, SUPPLIER, True)) == 0
    assert due((7, SUPPLIER, True)) == 7
    assert due((0, SUPPLIER, True), (7, SUPPLIER, True)) == 0
    assert due((9, SUPPLIER, False), (7, SUPPLIER, True)) == 7


def test_what_the_supplier_moves_by_itself_excuses_nothing() -> None:
    assert due((7, SUPPLIER, False)) == 0
    assert due((0, SUPPLIER, True), (7, SUPPLIER, False), (9, SUPPLIER, False)) == 0


def test_a_day_that_the_buyer_moved_is_not_the_suppliers_fault() -> None:
    assert due((0, SUPPLIER, True), (7, BUYER, True)) == 7
    assert due((0, SUPPLIER, True), (7, BUYER, True), (9, SUPPLIER, False)) == 7
    assert due((5, SUPPLIER, False), (3, BUYER, True)) == 3


def test_a_day_that_a_buyer_moves_once_it_is_late_excuses_nothing() -> None:
    assert due((9, BUYER, False)) == 0
    assert due((0, SUPPLIER, True), (9, BUYER, False), (12, BUYER, False)) == 0
    assert due((9, BUYER, False), (9, SUPPLIER, False)) == 0
    assert due((9, BUYER, False), (12, BUYER, True)) == 12, "by an amendment"


@given(st.integers(-5, 5))
def test_a_buyer_moves_what_is_due_until_that_day_is_over(days: int) -> None:
    assert moves_what_is_due(BUYER, NEEDED, NEEDED + timedelta(days)) == (days <= 0)
    assert not moves_what_is_due(SUPPLIER, NEEDED, NEEDED + timedelta(days))


@given(MOVES)
def test_what_is_needed_and_first_promised_is_never_overwritten(moves: list[Any]) -> None:
    kept = promises(*moves)
    for until in range(len(kept) + 1):
        dates = dates_of(NEEDED, kept[:until])
        of_supplier = [one.promised_on for one in kept[:until] if one.moved_by == SUPPLIER]
        assert dates.need_by == NEEDED
        assert dates.first_promised_on == (of_supplier[0] if of_supplier else None)
        assert dates.last_promised_on == (kept[until - 1].promised_on if until else None)


@given(MOVES, st.integers(0, 60))
def test_a_move_that_nobody_agrees_with_never_moves_what_is_due(moves: list[Any], days: int) -> None:
    assert due(*moves, (days, SUPPLIER, False)) == due(*moves)
    assert due(*moves, (days, BUYER, False)) == due(*moves)
    assert due(*moves, (days, BUYER, True)) == days


@given(st.integers(-30, 400), st.integers(0, 100))
def test_a_schedule_is_firm_within_the_horizon_and_a_forecast_behind_it(days: int, horizon: int) -> None:
    need_by = TODAY + timedelta(days)
    assert is_firm(need_by, TODAY, ScheduleHorizon())
    assert is_firm(need_by, TODAY, ScheduleHorizon(firm_days=horizon)) == (days <= horizon)


def line(number: int, *needed: int, day: date = NEEDED) -> DraftLine:
    schedules = tuple(Schedule(nth, Decimal(5), day + timedelta(days)) for nth, days in enumerate(needed, 1))
    return DraftLine(
        number,
        "M8",
        "bolt",
        "fasteners",
        Decimal(10),
        "C62",
        Decimal(1),
        Decimal(1),
        day,
        schedules=schedules,
    )


def test_an_amendment_moves_the_days_of_schedules_that_it_says_otherwise() -> None:
    before = [line(1), line(2, 0, 7), line(3)]
    after = [line(1, day=NEEDED + timedelta(2)), line(2, 0, 9), line(4)]
    later = NEEDED + timedelta(30)
    assert list(moved_by_amendment(before, after, {})) == [
        ((1, 1), NEEDED, NEEDED + timedelta(2)),
        ((2, 2), NEEDED + timedelta(7), NEEDED + timedelta(9)),
    ]
    assert next(moved_by_amendment(before, after, {(1, 1): later})) == (
        (1, 1),
        later,
        NEEDED + timedelta(2),
    )
    assert list(moved_by_amendment([line(1)], [line(1, 0, 5)], {(1, 2): later})) == [
        ((1, 2), later, NEEDED + timedelta(5))
    ]
    assert list(moved_by_amendment(before, before, {(1, 1): later})) == []


def test_whose_move_it_is_says_a_buyer_and_a_supplier_says_its_own() -> None:
    assert check_whose(None, is_supplier=False) == BUYER
    assert check_whose(SUPPLIER, is_supplier=False) == SUPPLIER
    assert check_whose(None, is_supplier=True) == check_whose(SUPPLIER, is_supplier=True) == SUPPLIER
    with pytest.raises(ForbiddenError) as refused:
        check_whose(BUYER, is_supplier=True)
    assert (refused.value.code, refused.value.detail) == (
        "not_the_buyer",
        "A supplier says what it moves itself, and not what its buyer does.",
    )


MOVE = Move(1, NEEDED + timedelta(7), NEEDED, None, "why", None)


def moved(move: Move, closed_as: str | None = None, ordered_on: date | None = TODAY) -> None:
    check_move(move, [1, 3], NEEDED, closed_as, ordered_on, TODAY)


def test_a_move_that_can_be_passes() -> None:
    moved(MOVE)
    moved(replace(MOVE, promised_on=TODAY, moved_from=None), ordered_on=None)


@pytest.mark.parametrize(
    ("move", "code", "detail", "error"),
    [
        (
            replace(MOVE, schedule_number=2),
            "schedule_unknown",
            "The line has no schedule 2.",
            FieldError("/schedule_number", "is none of the line's schedules: 1, 3"),
        ),
        (
            replace(MOVE, promised_on=NEEDED),
            "promise_invalid",
            "The day is the one that is promised, or needed, already.",
            FieldError("/promised_on", "is the one that is promised, or needed, already"),
        ),
        (
            replace(MOVE, promised_on=TODAY - timedelta(1)),
            "promise_invalid",
            "The day lies in the past: at the site it is 2026-03-02.",
            FieldError("/promised_on", "lies in the past: at the site it is 2026-03-02"),
        ),
    ],
)
def test_a_move_that_cannot_be_says_why(move: Move, code: str, detail: str, error: FieldError) -> None:
    with pytest.raises(InvalidError) as refused:
        moved(move)
    assert (refused.value.code, refused.value.detail) == (code, detail)
    assert refused.value.errors == (error,)


def test_no_promise_lies_before_the_orders_day() -> None:
    with pytest.raises(InvalidError) as refused:
        moved(replace(MOVE, promised_on=TODAY + timedelta(1)), ordered_on=TODAY + timedelta(2))
    assert refused.value.errors[0].detail == "lies before the order's date, 2026-03-04"
    moved(replace(MOVE, promised_on=TODAY + timedelta(2)), ordered_on=TODAY + timedelta(2))


def test_who_saw_another_promise_and_who_moves_a_closed_line_are_told() -> None:
    with pytest.raises(ConflictError) as refused:
        moved(replace(MOVE, moved_from=NEEDED + timedelta(1)))
    assert (refused.value.code, refused.value.extensions) == ("promise_moved", {"promised_on": "2026-03-20"})
    assert refused.value.detail == (
        "You saw 2026-03-21, and it is 2026-03-20 by now: read it again, then decide again."
    )
    with pytest.raises(ConflictError, match="closed as under tolerance") as closed:
        moved(MOVE, closed_as="under_tolerance")
    assert closed.value.code == "wrong_state"
    assert closed.value.extensions == {"status_now": "under_tolerance", "allowed": []}
