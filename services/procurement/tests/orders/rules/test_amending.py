"""What an amendment may say of an order that its supplier has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.amounts.rules.adjustments import Adjustment
from procurement.orders.rules.amending import (
    LineNow,
    check_amended,
    newly_ordered,
    says_otherwise,
    with_external_references,
)
from procurement.orders.rules.drafts import DraftLine, DraftOrder
from procurement.orders.rules.schedules import Schedule
from purveyor.errors import InvalidError

from .test_versions import line, order

DAY = date(2026, 3, 20)


def now(ordered: DraftLine, received: int = 0, **counted: Any) -> LineNow:
    values = {
        "cancelled_quantity": Decimal(0),
        "received_quantity": Decimal(received),
        "rejected_quantity": Decimal(0),
        "refused_for_good_quantity": Decimal(0),
        "closed_as": None,
    }
    return LineNow(ordered, **values | counted)


def problems(
    lines: dict[int, LineNow], before: DraftOrder, after: DraftOrder, *cancelled: int
) -> list[tuple[str, str]]:
    try:
        check_amended(lines, before, after, cancelled)
    except InvalidError as error:
        return [(problem.pointer, problem.detail) for problem in error.errors]
    return []


def test_a_schedule_does_not_take_the_number_of_one_that_was_dropped() -> None:
    def scheduled(*numbers: int) -> DraftLine:
        each = tuple(Schedule(number, Decimal(5), DAY) for number in numbers)
        return line(quantity=Decimal(5 * len(each) or 10), schedules=each, promised_on=DAY)

    def why(ordered: DraftLine, after: DraftLine, *dropped: int) -> list[tuple[str, str]]:
        there = now(ordered, dropped_schedules=dropped)
        return problems({1: there}, order(ordered), order(after))

    assert why(scheduled(1, 2), scheduled(1, 3)) == []
    assert why(scheduled(1, 3), scheduled(2, 3), 2) == [
        (
            "/lines/0/schedules/0/schedule_number",
            "2 was the number of a schedule that an earlier version dropped: number it 4",
        )
    ]
    assert why(scheduled(2, 3), scheduled(2, 4), 1) == []
    assert [at for at, _ in why(scheduled(2, 3), line(quantity=Decimal(10), promised_on=DAY), 1)] == [
        "/lines/0/schedules"
    ]


@given(st.integers(1, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(1, 30))
def test_no_quantity_is_lowered_below_what_was_accepted_or_refused_for_good(
    ordered: int, received: int, rejected: int, refused: int, amended: int
) -> None:
    rejected = min(rejected, received)
    refused = min(refused, rejected)
    line_now = now(
        line(quantity=Decimal(ordered)),
        received,
        rejected_quantity=Decimal(rejected),
        refused_for_good_quantity=Decimal(refused),
    )
    before = order(line(quantity=Decimal(ordered)))
    after = order(line(quantity=Decimal(amended)), cost_centre="4712")
    settled = received - rejected + refused
    found = problems({1: line_now}, before, after)
    if amended < ordered and amended < settled:
        least = min(ordered, settled)
        assert [at for at, _ in found] == ["/lines/0/quantity"]
        assert amended < least
        assert found[0][1] == f"at least {settled}, which were accepted or refused for good"
    else:
        assert found == []


def test_quantity_and_price_of_a_line_that_came_in_part_are_amended_together() -> None:
    """erpnext#12216, #13925, #7717."""
    before = order()
    after = order(line(quantity=Decimal(4), price=Decimal("9.99")))
    assert problems({1: now(line(), 4)}, before, after) == []


@pytest.mark.parametrize(
    ("line_now", "after", "cancelled", "found"),
    [
        ({}, order(), (), [("/lines", "nothing is said otherwise than in the version in force")]),
        (
            {},
            order(line(2)),
            (),
            [("/lines", "line 1 is left out: state it, or name it in cancelled_lines")],
        ),
        ({}, order(line(2)), (1,), []),
        ({}, order(line()), (1,), [("/cancelled_lines/0", "line 1 is stated, too")]),
        ({}, order(line()), (7,), [("/cancelled_lines/0", "the order has no line 7")]),
        (
            {"received_quantity": Decimal(1)},
            order(line(2)),
            (1,),
            [("/cancelled_lines/0", "some of line 1 has come: close it short")],
        ),
        (
            {"closed_as": "complete", "received_quantity": Decimal(10)},
            order(line(2)),
            (1,),
            [("/cancelled_lines/0", "line 1 is closed already")],
        ),
        (
            {"closed_as": "short", "received_quantity": Decimal(4), "cancelled_quantity": Decimal(6)},
            order(line(quantity=Decimal(12))),
            (),
            [("/lines/0/quantity", "line 1 was closed short: reopen it first")],
        ),
        (
            {
                "closed_as": "under_tolerance",
                "received_quantity": Decimal(9),
                "cancelled_quantity": Decimal(1),
            },
            order(line(quantity=Decimal(12))),
            (),
            [("/lines/0/quantity", "line 1 is complete under tolerance: reopen it first")],
        ),
        (
            {"closed_as": "short", "received_quantity": Decimal(4), "cancelled_quantity": Decimal(6)},
            order(line(price=Decimal(3))),
            (),
            [],
        ),
        (
            {"received_quantity": Decimal(1)},
            order(line(item="M10", unit="KGM")),
            (),
            [
                ("/lines/0/item", "goods of this line have come: add another line"),
                ("/lines/0/unit", "goods of this line have come: add another line"),
            ],
        ),
        ({}, order(line(item="M10", unit="KGM")), (), []),
        (
            {"received_quantity": Decimal(1)},
            order(site="HAM-2"),
            (),
            [("/site", "goods of it have come to HAM-1: order the rest anew")],
        ),
        ({}, order(site="HAM-2"), (), []),
        (
            {},
            order(line(promised_on=date(2026, 3, 1))),
            (),
            [("/lines/0/promised_on", "lies before the order's date, 2026-03-02")],
        ),
        ({}, order(line(promised_on=date(2026, 3, 2))), (), []),
        (
            {},
            order(line(1), line(1)),
            (),
            [
                ("/lines/0/line_number", "line number 1 is used twice"),
                ("/lines/1/line_number", "line number 1 is used twice"),
            ],
        ),
    ],
)
def test_what_an_amendment_may_say_and_what_not(
    line_now: dict[str, Any], after: DraftOrder, cancelled: tuple[int, ...], found: list[tuple[str, str]]
) -> None:
    assert problems({1: replace(now(line()), **line_now)}, order(), after, *cancelled) == found


def test_the_number_of_a_line_that_was_cancelled_is_not_used_again() -> None:
    gone = now(line(2), cancelled_quantity=Decimal(10), closed_as="cancelled")
    lines = {1: now(line()), 2: gone}
    assert problems(lines, order(), order(line(quantity=Decimal(9)))) == []
    assert problems(lines, order(), order(line(), line(2))) == [
        ("/lines/1/line_number", "line 2 was cancelled: reopen it, or add another")
    ]


def test_a_date_of_before_is_no_reason_to_refuse_an_amendment_of_something_else() -> None:
    odd = line(promised_on=date(2026, 1, 1))
    assert problems({1: now(odd)}, order(odd), order(replace(odd, quantity=Decimal(11)))) == []
    undated = order(ordered_on=None)
    assert problems({1: now(line())}, undated, order(odd, ordered_on=None)) == []


def test_the_supplier_has_to_be_approved_for_what_is_ordered_anew_and_for_nothing_else() -> None:
    before = order(line(1), line(2), line(3))
    after = order(
        line(1, quantity=Decimal(9), price=Decimal("2.40"), promised_on=date(2026, 4, 1)),
        line(2, category="seals"),
        line(3, quantity=Decimal("10.1")),
        line(4),
    )
    assert newly_ordered(before, after) == {1, 2, 3}
    assert newly_ordered(before, before) == frozenset()


@pytest.mark.parametrize(
    "changes",
    [
        {"item": "M10"},
        {"unit": "KGM"},
        {"description": "Gold bar"},
        {"price": Decimal("2.500001")},
        {"price": Decimal("2.5"), "price_base_quantity": Decimal("0.999999")},
        {"quantity": Decimal(1), "charges": (Adjustment("tooling", Decimal(6)),)},
        {"quantity": Decimal(5), "allowances": ()},
    ],
)
def test_another_thing_or_a_higher_price_is_ordered_anew(changes: dict[str, Any]) -> None:
    discounted = line(
        price=Decimal("2.5"),
        allowances=(Adjustment("discount", percent=Decimal(10)),),
        charges=(Adjustment("tooling", Decimal(5)),),
    )
    before = order(discounted, line(2))
    assert newly_ordered(before, order(replace(discounted, **changes), line(2))) == {0}


def test_the_charge_that_stays_when_less_is_ordered_is_not_ordered_anew() -> None:
    charged = line(charges=(Adjustment("tooling", Decimal(5)),))
    whole = (Adjustment("freight", Decimal(20)),)
    before = order(charged, charges=whole)
    less = replace(charged, quantity=Decimal(1))
    assert newly_ordered(before, order(less, charges=whole)) == frozenset()
    assert newly_ordered(before, order(less, charges=())) == frozenset()


def test_what_is_put_on_the_order_as_a_whole_orders_every_line_anew() -> None:
    before = order(line(1), line(2), allowances=(Adjustment("discount", percent=Decimal(5)),))
    for changes in ({"charges": (Adjustment("freight", Decimal(900)),)}, {"allowances": ()}):
        assert newly_ordered(before, replace(before, **changes)) == {0, 1}


def test_a_line_of_a_higher_price_may_name_what_is_no_longer_bought() -> None:
    before = order(line(1), line(2))
    after = order(line(1, price=Decimal(9), description="Bolt"), line(2, item="M10"))
    assert says_otherwise(before, after) == {1}


def test_lines_keep_the_keys_that_another_system_has_for_them() -> None:
    before = order(line(1, external_reference="4500/10"))
    kept = with_external_references(before, [line(1), line(2)])
    assert [one.external_reference for one in kept] == ["4500/10", None]
