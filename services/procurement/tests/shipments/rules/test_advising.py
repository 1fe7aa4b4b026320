"""What a despatch advice may say; above all, how much."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.items.rules.conversions import Conversion, Units
from procurement.orders.rules.expected import Balance
from procurement.shipments.rules import advising
from procurement.shipments.rules.advising import (
    Advice,
    AdvisedLine,
    LineToShip,
    Lot,
    OrderToShip,
    Package,
    Packed,
    ShippedLine,
    announceable,
    latest_today,
)
from procurement.tolerances.rules import Tolerance, still_receivable
from purveyor.errors import InvalidError

ORDER, ANOTHER, SUPPLIER, STRANGER = (UUID(int=nth) for nth in range(1, 5))
SENT, EXPECTED = date(2026, 3, 2), date(2026, 3, 5)
EXACTLY = Tolerance(Decimal(0), "over-receipt", 0)
TEN = LineToShip(Balance("fasteners", Decimal(10), Decimal(0)), "C62", EXACTLY, schedules={1})
BOXED = replace(TEN, units=Units("C62", (Conversion("XBX", Decimal(1), Decimal(12)),)))
QUANTITIES = st.decimals(Decimal("0.000001"), 100, places=6)


def order(*lines: LineToShip, **changes: Any) -> OrderToShip:
    """Return an order of these lines."""
    known = OrderToShip("PO-000042", SUPPLIER, "HAM-1", "issued", SENT, dict(enumerate(lines or (TEN,), 1)))
    return replace(known, **changes)


def advice(*lines: AdvisedLine, **changes: Any) -> Advice:
    """Return an advice of these lines."""
    return replace(Advice("LS-1", SENT, EXPECTED, None, None, lines), **changes)


def line(quantity: str = "10", number: int = 1, of: UUID = ORDER, **more: Any) -> AdvisedLine:
    """Return a line of an advice."""
    return AdvisedLine(of, number, Decimal(quantity), **more)


def taken(said: Advice, orders: Mapping[UUID, OrderToShip]) -> list[ShippedLine]:
    """Return what counts of an advice that comes on the day that it was sent."""
    return advising.taken(said, orders, SENT)


def problems(said: Advice, *orders: OrderToShip) -> dict[str, str]:
    """Return what is wrong, by pointer."""
    with pytest.raises(InvalidError) as refused:
        taken(said, dict(zip((ORDER, ANOTHER), orders or (order(),), strict=False)))
    assert refused.value.code == "shipment_invalid"
    return {error.pointer: error.detail for error in refused.value.errors}


def test_all_that_is_open_may_be_announced_and_no_more() -> None:
    (shipped,) = taken(advice(line()), {ORDER: order()})
    assert (shipped.quantity, shipped.unit, shipped.stated) == (Decimal(10), "C62", line())
    assert problems(advice(line("10.000001"))) == {
        "/lines/0/quantity": "at most 10 C62 more: 10 ordered, 0 received, 0 under way, tolerance 0 %"
    }


def test_what_is_under_way_is_announced_once() -> None:
    under_way = replace(TEN, balance=replace(TEN.balance, under_way_quantity=Decimal(8)))
    assert announceable(under_way) == 2
    assert list(problems(advice(line("3")), order(under_way))) == ["/lines/0/quantity"]


def test_of_two_schedules_of_a_line_the_sum_counts() -> None:
    parts = replace(TEN, schedules={1, 2})
    lines = (line("6", schedule_number=1), line("5", schedule_number=2))
    assert list(problems(advice(*lines), order(parts))) == ["/lines/0/quantity", "/lines/1/quantity"]
    assert (
        len(taken(advice(line("6", schedule_number=1), line("4", schedule_number=2)), {ORDER: order(parts)}))
        == 2
    )


@given(
    ordered=QUANTITIES,
    percent=st.sampled_from([Decimal(0), Decimal(5), Decimal(100)]),
    moves=st.lists(st.tuples(st.sampled_from(["announce", "receive", "call_back", "amend"]), QUANTITIES)),
)
def test_whatever_happens_no_advice_is_taken_of_more_than_may_come_beside_what_is_under_way(
    ordered: Decimal, percent: Decimal, moves: list[tuple[str, Decimal]]
) -> None:
    now = LineToShip(Balance("fasteners", ordered, Decimal(0)), "C62", replace(EXACTLY, percent=percent))
    for what, quantity in moves:
        before = now.balance
        match what:
            case "announce":
                may = still_receivable(before, percent) - before.under_way_quantity
                try:
                    taken(advice(AdvisedLine(ORDER, 1, quantity)), {ORDER: order(now)})
                except InvalidError:
                    assert quantity > may
                else:
                    assert quantity <= may
                    now = with_balance(now, under_way_quantity=before.under_way_quantity + quantity)
                    assert now.balance.under_way_quantity <= still_receivable(now.balance, percent)
            case "receive":
                came = min(quantity, before.under_way_quantity)
                now = with_balance(
                    now,
                    under_way_quantity=before.under_way_quantity - came,
                    received_quantity=before.received_quantity + came,
                )
            case "call_back":
                back = min(quantity, before.under_way_quantity)
                now = with_balance(now, under_way_quantity=before.under_way_quantity - back)
            case _:
                now = with_balance(now, quantity=max(quantity, before.received_quantity))
        assert announceable(now) >= 0


def with_balance(now: LineToShip, **changes: Any) -> LineToShip:
    """Return a line of which something else has become."""
    return replace(now, balance=replace(now.balance, **changes))


def test_orders_of_two_suppliers_are_two_advices() -> None:
    said = problems(advice(line(), line(of=ANOTHER)), order(), order(supplier_id=STRANGER))
    assert list(said) == ["/lines/1/order_id"]
    assert "different suppliers" in said["/lines/1/order_id"]


def test_orders_to_two_sites_are_two_advices() -> None:
    said = problems(advice(line(), line(of=ANOTHER)), order(), order(site="BRE-2"))
    assert said == {
        "/lines/1/order_id": "PO-000042 goes to BRE-2 and PO-000042 to HAM-1: send an advice each"
    }


def test_an_order_that_is_not_there_is_named() -> None:
    assert problems(advice(line(of=STRANGER))) == {"/lines/0/order_id": f"there is no order {STRANGER}"}


@pytest.mark.parametrize("status", ["draft", "approved", "closed", "cancelled"])
def test_nothing_is_to_come_of_an_order_that_does_not_bind(status: str) -> None:
    said = problems(advice(line()), order(status=status))
    assert said == {"/lines/0/order_id": f"PO-000042 is {status}, and nothing of it is to come"}


@pytest.mark.parametrize("status", ["issued", "acknowledged", "partially_received"])
def test_something_is_to_come_of_an_order_that_binds(status: str) -> None:
    assert taken(advice(line()), {ORDER: order(status=status)})


@pytest.mark.parametrize("closed_as", ["short", "cancelled"])
def test_nothing_is_to_come_of_a_line_that_was_called_off(closed_as: str) -> None:
    gone = replace(TEN, balance=replace(TEN.balance, closed_as=closed_as))
    said = problems(advice(line()), order(gone))
    assert said == {"/lines/0/line_number": "line 1 of PO-000042 was called off"}
    assert problems(advice(line(number=2))) == {"/lines/0/line_number": "PO-000042 has no line 2"}


def test_a_schedule_is_one_that_the_line_has() -> None:
    assert taken(advice(line(schedule_number=1)), {ORDER: order()})
    assert problems(advice(line(schedule_number=2))) == {
        "/lines/0/schedule_number": "line 1 has no schedule 2"
    }


def test_a_line_or_a_schedule_is_named_once() -> None:
    said = problems(advice(line("1"), line("2")))
    assert said == {
        "/lines/0/line_number": "line 1 of this order is named twice",
        "/lines/1/line_number": "line 1 of this order is named twice",
    }


def test_another_unit_counts_in_that_of_the_order_and_so_do_its_lots() -> None:
    lots = (Lot("A", Decimal("0.25")), Lot("B", Decimal("0.5"), EXPECTED))
    (shipped,) = taken(advice(line("0.75", unit="XBX", lots=lots)), {ORDER: order(BOXED)})
    assert (shipped.quantity, shipped.unit) == (Decimal(9), "XBX")
    assert [(lot.lot, lot.quantity, lot.expires_on) for lot in shipped.lots] == [
        ("A", Decimal(3), None),
        ("B", Decimal(6), EXPECTED),
    ]


def test_what_is_no_exact_quantity_of_the_order_is_refused_where_it_is_stated() -> None:
    assert list(problems(advice(line("0.0000001", unit="XBX")), order(BOXED))) == ["/lines/0/unit"]
    lots = (Lot("A", Decimal("0.0000001")), Lot("B", Decimal("0.4999999")))
    assert list(problems(advice(line("0.5", unit="XBX", lots=lots)), order(BOXED))) == [
        "/lines/0/lots/0/quantity"
    ]
    said = problems(advice(line(unit="KGM")))
    assert said == {"/lines/0/unit": "the item does not convert to KGM, only to C62"}


def test_lots_add_up_and_serial_numbers_are_one_for_each() -> None:
    lots = (Lot("A", Decimal(4)), Lot("B", Decimal(5)))
    assert problems(advice(line(lots=lots))) == {"/lines/0/lots": "add up to 9, and the line says 10"}
    twice = (Lot("A", Decimal(4)), Lot("A", Decimal(6)))
    assert problems(advice(line(lots=twice))) == {
        "/lines/0/lots/0/lot": "A is named 2 times",
        "/lines/0/lots/1/lot": "A is named 2 times",
    }
    assert problems(advice(line("3", serials=("1", "2")))) == {
        "/lines/0/serials": "are 2, and the line says 3: one for each"
    }
    assert set(problems(advice(line("2", serials=("1", "1"))))) == {
        "/lines/0/serials/0",
        "/lines/0/serials/1",
    }
    assert taken(advice(line("2", serials=("1", "2"))), {ORDER: order()})


def test_nothing_arrives_before_it_was_sent_or_is_sent_before_it_was_ordered() -> None:
    assert taken(advice(line(), expected_on=SENT), {ORDER: order(ordered_on=None)})
    before = date(2026, 3, 1)
    assert problems(advice(line(), expected_on=before)) == {
        "/expected_on": "lies before the day that it was sent, 2026-03-02"
    }
    assert problems(advice(line(), shipped_on=before)) == {
        "/shipped_on": "lies before the date of an order, 2026-03-02"
    }


def test_nothing_was_sent_tomorrow_wherever_its_sender_is() -> None:
    later = SENT + timedelta(1)
    assert problems(advice(line(), shipped_on=later)) == {
        "/shipped_on": "lies in the future: nowhere is it later than 2026-03-02"
    }
    assert latest_today(datetime(2026, 3, 2, 9, 59, tzinfo=UTC)) == SENT
    assert latest_today(datetime(2026, 3, 2, 10, 0, tzinfo=UTC)) == later


def test_a_package_holds_what_the_advice_names_and_no_more() -> None:
    def packed(quantity: str, number: int = 1) -> Packed:
        return Packed(ORDER, number, Decimal(quantity))

    whole = advice(
        line(), packages=(Package("1", (packed("4"),)), Package("2", (packed("6"),)), Package("3"))
    )
    assert taken(whole, {ORDER: order()})
    too_much = advice(line(), packages=(Package("1", (packed("4"),)), Package("2", (packed("6.5"),))))
    assert problems(too_much) == {
        "/packages/1/contents/0/quantity": "10.5 are packed so far, and the line says 10"
    }
    strange = advice(line(), packages=(Package("1", (packed("4", 2),)),))
    assert problems(strange) == {"/packages/0/contents/0/line_number": "the advice has no such line"}
    twice = advice(line(), packages=(Package("1"), Package("1")))
    assert set(problems(twice)) == {"/packages/0/sscc", "/packages/1/sscc"}
