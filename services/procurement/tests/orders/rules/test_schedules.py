"""Schedule lines: parts of a line, each with its own day, that add up to it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules.drafts import line_problems
from procurement.orders.rules.quantities import open_quantity
from procurement.orders.rules.schedules import (
    Schedule,
    open_quantities,
    schedule_date_problems,
    schedules_of,
)
from purveyor.errors import FieldError

from .test_amending import now
from .test_drafts import line

DAY = date(2026, 3, 20)
parts = st.lists(st.decimals("0.000001", "1000", places=6), min_size=1, max_size=5)


def scheduled(*quantities: Decimal, first: date = DAY) -> tuple[Schedule, ...]:
    return tuple(
        Schedule(number, quantity, first + timedelta(number))
        for number, quantity in enumerate(quantities, start=1)
    )


def test_a_line_without_schedules_is_one_of_all_its_quantity_on_its_day() -> None:
    assert schedules_of(line(quantity=Decimal(7), promised_on=DAY)) == (Schedule(1, Decimal(7), DAY),)
    assert line_problems([line()], [Decimal(1)]) == []


@given(parts, st.decimals("0", "3", places=6))
def test_schedules_add_up_to_their_line_or_the_refusal_names_both_sums(
    quantities: list[Decimal], missing: Decimal
) -> None:
    stated = scheduled(*quantities)
    total = sum(quantities, Decimal(0))
    ordered = line(quantity=total + missing, promised_on=stated[-1].need_by, schedules=stated)
    problems = line_problems([ordered], [Decimal(1)])
    if missing == 0:
        assert problems == []
    else:
        assert [problem.pointer for problem in problems] == ["/lines/0/schedules"]
        told = [format(one.normalize(), "f") for one in (total, total + missing)]
        assert problems[0].detail == f"add up to {told[0]}, and the line orders {told[1]}"


def test_a_number_used_twice_and_a_day_that_is_not_the_last_schedule_s_are_named() -> None:
    twice = (Schedule(2, Decimal(4), DAY), Schedule(1, Decimal(3), DAY), Schedule(2, Decimal(3), DAY))
    assert line_problems([line(schedules=twice, promised_on=DAY - timedelta(1))], [Decimal(1)]) == [
        FieldError("/lines/0/schedules/0/schedule_number", "schedule number 2 is used twice"),
        FieldError("/lines/0/schedules/2/schedule_number", "schedule number 2 is used twice"),
        FieldError(
            "/lines/0/promised_on", "the last schedule is needed by 2026-03-20: say that, or leave it out"
        ),
    ]


def test_schedules_are_filled_in_the_order_of_their_days_and_numbers() -> None:
    stated = (
        Schedule(1, Decimal(1), DAY),
        Schedule(3, Decimal(2), DAY - timedelta(1)),
        Schedule(2, Decimal(3), DAY),
    )
    assert [one.schedule_number for one in schedules_of(line(schedules=stated))] == [3, 1, 2]


def test_nothing_is_needed_before_the_order_s_day() -> None:
    stated = scheduled(Decimal(4), Decimal(6))
    at = "/lines/0"
    assert list(schedule_date_problems(at, line(schedules=stated), DAY + timedelta(2))) == [
        FieldError("/lines/0/schedules/0/need_by", "lies before the order's date, 2026-03-22")
    ]
    assert list(schedule_date_problems(at, line(schedules=stated), DAY + timedelta(1))) == []
    assert list(schedule_date_problems(at, line(promised_on=DAY), DAY)) == []


@given(parts, st.data())
def test_what_is_open_of_schedules_is_what_is_open_of_their_line(
    quantities: list[Decimal], data: st.DataObject
) -> None:
    ordered = line(quantity=sum(quantities, Decimal(0)), schedules=scheduled(*quantities))
    share = st.integers(0, 100).map(lambda percent: ordered.quantity * percent / 100)
    received = data.draw(share) * 2
    refused = min(data.draw(share), received)
    called_off = max(data.draw(share) - received + refused, Decimal(0))
    standing = now(
        ordered,
        received_quantity=received,
        rejected_quantity=refused,
        cancelled_quantity=called_off,
    )
    still_open = open_quantities(standing)
    assert sum(still_open.values(), Decimal(0)) == open_quantity(standing)
    assert all(Decimal(0) <= still_open[one.schedule_number] <= one.quantity for one in ordered.schedules)
    filled = [one for one in ordered.schedules if still_open[one.schedule_number] < one.quantity]
    if called_off == 0:
        assert filled == list(ordered.schedules[: len(filled)])
