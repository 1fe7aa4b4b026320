"""Which lots and serials may be said to have come, in which unit they are counted, and how long they last."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.items.rules.conversions import Conversion, Units
from procurement.items.rules.receiving import ReceivedItem
from procurement.orders.rules.expected import Balance
from procurement.receipts.rules.arriving import Arrival, ArrivedLine, ArrivedLot
from procurement.receipts.rules.measuring import measured
from procurement.receipts.rules.tracking import ShortLifeIs, check_tracking
from purveyor.errors import InvalidError

TODAY = date(2026, 3, 2)
NONE = Decimal(0)
UNITS = Units(
    "C62", (Conversion("XBX", Decimal(1), Decimal(12)), Conversion("KGM", Decimal(3), Decimal(100)))
)
ITEM = ReceivedItem(UNITS)
BALANCE = Balance("fasteners", Decimal(1000), NONE, item="M8", unit="C62")


def lot(name: str, quantity: int, rejected: int | None = None, days: int | None = None) -> ArrivedLot:
    expires_on = None if days is None else TODAY + timedelta(days)
    return ArrivedLot(name, Decimal(quantity), None if rejected is None else Decimal(rejected), expires_on)


def line(quantity: str, rejected: str = "0", number: int = 1, **more: Any) -> ArrivedLine:
    return ArrivedLine(number, Decimal(quantity), Decimal(rejected), None, **more)


def taken(
    *lines: ArrivedLine, item: ReceivedItem | None = ITEM, short_is: ShortLifeIs = ShortLifeIs.REFUSED
) -> tuple[Arrival, list[tuple[str, str]]]:
    """Return goods as they are counted, and what is warned of."""
    numbers = [one.line_number for one in lines]
    balances, items = dict.fromkeys(numbers, BALANCE), dict.fromkeys(numbers, item) if item else {}
    known = {number: one for number, one in items.items() if one is not None}
    arrival = measured(Arrival(TODAY, None, lines), balances, known)
    warned = check_tracking(arrival, balances, known, dict.fromkeys(numbers, short_is))
    return arrival, [(one.pointer, one.detail) for one in warned]


def problems(*lines: ArrivedLine, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as refused:
        taken(*lines, **more)
    return [(one.pointer, one.detail) for one in refused.value.errors]


def test_what_is_counted_in_boxes_is_kept_in_pieces_with_what_was_counted() -> None:
    arrival, _ = taken(line("2", "1", stated_unit="XBX", lots=(lot("A", 1), lot("B", 1, 1))))
    [kept] = arrival.lines
    assert [kept.quantity, kept.rejected_quantity] == [24, 12]
    assert [kept.stated_unit, kept.stated_quantity, kept.stated_rejected_quantity] == ["XBX", 2, 1]
    assert [[one.quantity, one.rejected_quantity] for one in kept.lots] == [[12, 0], [12, 12]]


def test_what_is_counted_in_the_orders_own_unit_is_kept_as_it_is() -> None:
    arrival, _ = taken(line("2", stated_unit="C62"))
    assert arrival.lines == (line("2"),)


@pytest.mark.parametrize(
    ("unit", "item", "why"),
    [
        ("KGM", ITEM, "1 KGM are no exact number of C62: state it in C62"),
        ("LTR", ITEM, "the item does not convert to LTR, only to C62, XBX, KGM"),
        ("XBX", None, "the item does not convert to XBX, only to C62"),
    ],
)
def test_what_cannot_be_counted_exactly_is_refused_and_named(
    unit: str, item: ReceivedItem | None, why: str
) -> None:
    assert problems(line("1", stated_unit=unit), item=item) == [("/lines/0/unit", why)]


@given(st.integers(1, 10**6))
def test_boxes_are_the_same_as_their_pieces(boxes: int) -> None:
    arrival, _ = taken(line(str(boxes), stated_unit="XBX"))
    assert arrival.lines[0].quantity == boxes * 12


def test_lots_add_up_to_their_line_and_so_does_what_of_them_was_rejected() -> None:
    assert problems(line("10", lots=(lot("A", 4), lot("B", 5)))) == [
        ("/lines/0/lots", "add up to a quantity of 9, and that of the line is 10")
    ]
    assert problems(line("9", "2", lots=(lot("A", 4), lot("B", 5)))) == [
        ("/lines/0/lots", "add up to a rejected_quantity of 0, and that of the line is 2")
    ]
    assert problems(line("8", lots=(lot("A", 4), lot("A", 4)))) == [
        ("/lines/0/lots/0/lot", "A is named 2 times"),
        ("/lines/0/lots/1/lot", "A is named 2 times"),
    ]
    arrival, _ = taken(line("9", "2", lots=(lot("A", 9),)))
    assert arrival.lines[0].lots[0].rejected_quantity == 2


def test_each_piece_has_a_serial_of_its_own_whatever_it_is_counted_in() -> None:
    dozen = tuple(f"S{nth}" for nth in range(12))
    taken(line("1", stated_unit="XBX", serials=dozen))
    assert problems(line("1", stated_unit="XBX", serials=dozen[:11])) == [
        ("/lines/0/serials", "are 11, and 12 pieces have one each")
    ]
    assert problems(line("2", serials=("S1", "S1"))) == [
        ("/lines/0/serials/0", "S1 is named 2 times"),
        ("/lines/0/serials/1", "S1 is named 2 times"),
    ]
    assert problems(line("2", "1", serials=("S1", "S2"))) == [
        ("/lines/0/rejected_serials", "are 0, and 1 pieces have one each")
    ]
    assert problems(line("1", "1", serials=("S1",), rejected_serials=("S2",))) == [
        ("/lines/0/rejected_serials/0", "S2 is none of the serials")
    ]


def test_a_serial_is_in_one_line_of_its_item() -> None:
    assert problems(line("1", serials=("S1",)), line("1", number=2, serials=("S1",))) == [
        ("/lines/1/serials/0", "S1 is in line 1, too")
    ]


def test_an_item_asks_for_lots_or_serials_of_what_is_kept() -> None:
    by_lot, by_serial = ReceivedItem(UNITS, tracked_by="lot"), ReceivedItem(UNITS, tracked_by="serial")
    assert problems(line("1"), item=by_lot) == [
        ("/lines/0/lots", "the item is tracked by lot: say which came")
    ]
    assert problems(line("1"), item=by_serial) == [
        ("/lines/0/serials", "the item is tracked by serial: say which came")
    ]
    for item in (by_lot, by_serial):
        taken(line("1", "1"), item=item)


LASTING = ReceivedItem(UNITS, least_remaining_life_days=30)


@pytest.mark.parametrize(
    ("lots", "problem"),
    [
        ((), ("/lines/0/lots", "it is to be usable for 30 days: say which lots are until when")),
        ((lot("A", 5),), ("/lines/0/lots/0/expires_on", "say it: 30 days are to be left")),
        (
            (lot("A", 5, days=29),),
            (
                "/lines/0/lots/0/expires_on",
                "lot A has 29 days left, and 30 are needed: until 2026-04-01 or later",
            ),
        ),
    ],
)
def test_goods_can_be_used_for_as_long_as_their_item_asks(
    lots: tuple[ArrivedLot, ...], problem: tuple[str, str]
) -> None:
    assert problems(line("5", lots=lots), item=LASTING) == [problem]


def test_goods_that_last_to_the_day_are_taken_and_so_are_those_that_are_rejected() -> None:
    assert taken(line("5", lots=(lot("A", 5, days=30),)), item=LASTING)[1] == []
    assert taken(line("5", "5", lots=(lot("A", 5, days=1),)), item=LASTING)[1] == []
    kept_and_not = (lot("A", 3, days=30), lot("B", 2, 2, days=1))
    assert taken(line("5", "2", lots=kept_and_not), item=LASTING)[1] == []


def test_what_does_not_last_is_warned_of_where_the_policy_says_so() -> None:
    expired = line("5", lots=(lot("A", 5, days=-1),))
    why = "lot A could be used until 2026-03-01, and it came on 2026-03-02"
    assert problems(expired) == [("/lines/0/lots/0/expires_on", why)]
    assert taken(expired, short_is=ShortLifeIs.WARNED_OF)[1] == [("/lines/0/lots/0/expires_on", why)]
