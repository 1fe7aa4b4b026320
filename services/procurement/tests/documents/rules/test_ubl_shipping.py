"""What a despatch advice announces, and what nobody can tell from it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from procurement.documents.rules.ubl.despatches import DespatchAdvice, DespatchedLine, Instance
from procurement.documents.rules.ubl.reading import Measured, Period
from procurement.documents.rules.ubl.shipping import advice_of
from procurement.shipments.rules.advising import AdvisedLine, Lot, Package, Packed
from purveyor.db import new_id
from purveyor.errors import InvalidError

ORDER, OTHER = new_id(), new_id()
ORDERS = {"PO-000042": ORDER, "PO-000043": OTHER}
SSCC = "340123450000000017"
SOON = Period(None, date(2026, 3, 6))
JULY = date(2027, 7, 1)


def sent(
    quantity: str, *instances: Instance, line: int = 1, order: str = "PO-000042", **more: object
) -> DespatchedLine:
    made = DespatchedLine("1", order, line, Measured(Decimal(quantity), "C62"), instances, ())
    return replace(made, **more)  # type: ignore[arg-type]  # as its caller says


def advice(*lines: DespatchedLine, expected: Period | None = SOON) -> DespatchAdvice:
    return DespatchAdvice(
        "D-1", date(2026, 3, 2), None, None, None, None, "Swift", "T-1", date(2026, 3, 1), expected, lines
    )


def of_lot(lot: str | None, serial: str | None = None) -> Instance:
    return Instance(lot, serial, JULY if lot else None)


def why(message: DespatchAdvice) -> list[str]:
    with pytest.raises(InvalidError) as refusal:
        advice_of(message, ORDERS)
    return [error.detail for error in refusal.value.errors]


def test_it_says_what_was_sent_when_and_how() -> None:
    said = advice_of(advice(sent("3"), sent("2", line=7, order="PO-000043")), ORDERS)
    assert (said.despatch_reference, said.shipped_on, said.expected_on, said.carrier, said.tracking) == (
        "D-1",
        date(2026, 3, 1),
        date(2026, 3, 6),
        "Swift",
        "T-1",
    )
    assert said.lines == (
        AdvisedLine(ORDER, 1, Decimal(3), unit="C62"),
        AdvisedLine(OTHER, 7, Decimal(2), unit="C62"),
    )


def test_lines_of_one_line_of_an_order_are_one_with_their_lots() -> None:
    said = advice_of(advice(sent("3", of_lot("A")), sent("2", of_lot("B")), sent("1", of_lot("A"))), ORDERS)
    assert said.lines == (
        AdvisedLine(
            ORDER, 1, Decimal(6), unit="C62", lots=(Lot("A", Decimal(4), JULY), Lot("B", Decimal(2), JULY))
        ),
    )


def test_pieces_that_name_their_lots_are_counted() -> None:
    pieces = (of_lot("A", "1"), of_lot("A", "2"), of_lot("B", "3"))
    [line] = advice_of(advice(sent("3", *pieces)), ORDERS).lines
    assert line.lots == (Lot("A", Decimal(2), JULY), Lot("B", Decimal(1), JULY))
    assert line.serials == ("1", "2", "3")


def test_a_package_holds_what_of_each_line_is_in_it_alone() -> None:
    lines = (
        sent("3", packages=(SSCC,)),
        sent("2", line=2, packages=(SSCC,)),
        sent("5", line=3, packages=(SSCC, "a pallet")),
    )
    assert advice_of(advice(*lines), ORDERS).packages == (
        Package(SSCC, (Packed(ORDER, 1, Decimal(3)), Packed(ORDER, 2, Decimal(2)))),
    )


def test_what_nobody_can_tell_from_it_is_named() -> None:
    assert why(advice(sent("3"), expected=None)) == ["is missing: say on which day it is expected"]
    several = sent("10", of_lot("A"), of_lot("B"))
    assert why(advice(several)) == [
        "names several lots and not how much is of each: send a line for each lot"
    ]
    wrong = SSCC[:-1] + "8"
    assert why(advice(sent("1", packages=(wrong,)))) == [f"{wrong} has a wrong check digit"]
