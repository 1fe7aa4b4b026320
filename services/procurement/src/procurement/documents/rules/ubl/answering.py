"""What an order response answers: which version, and what of each line is to be otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from procurement.documents.rules.ubl.responses import Answer as Said
from procurement.documents.rules.ubl.responses import AnsweredLine as SaidLine
from procurement.documents.rules.ubl.responses import LineAnswer, OrderResponse
from procurement.orders.rules.drafts import DraftLine
from procurement.orders.rules.schedules import schedules_of
from procurement.responses.rules import Answer, AnsweredLine, Reply, Substitute
from purveyor.errors import FieldError, InvalidError

CHANGED_ORDER = re.compile(r"(PO-[0-9]{6,18})-([1-9][0-9]{0,5})", re.IGNORECASE)
"""How a change of an order is called on its documents: the order, and the version that it makes."""
NO_REASON = "The supplier gave no reason"
SIX_PLACES = Decimal("0.000001")
ASKED = frozenset({LineAnswer.ACCEPTED, LineAnswer.DELIVERED})


def order_and_version(number: str) -> tuple[str, int | None]:
    """Return the order that a document names, and the version where it names a change of it."""
    change = CHANGED_ORDER.fullmatch(number)
    return (number, None) if change is None else (change[1], int(change[2]))


def check_of_version_in_force(response: OrderResponse, current: int, issued_on: date | None) -> None:
    """Raise InvalidError for a response that names no version and is older than the one in force.

    It answers another, whatever that said.
    """
    if current > 1 and issued_on is not None and response.issued_on < issued_on:
        raise InvalidError(
            "answers_earlier_version",
            f"It is of {response.issued_on}, names no version, and version {current} was issued on "
            f"{issued_on}: let the supplier answer that one.",
        )


def answer_of(
    response: OrderResponse, lines: Sequence[DraftLine], asked: Mapping[tuple[int, int], date]
) -> Answer:
    """Return what a supplier answers to a version whose lines, and days of them, are these.

    What it says as the order does is left out; one that says nothing otherwise accepts. Raises InvalidError
    for what nobody could take: a line that the order has not, one that is refused by itself, another unit.
    """
    if response.answer is Said.REJECTED:
        return Answer(Reply.REJECTED, reason=_first_line(response.note) or NO_REASON)
    if response.answer is Said.ACCEPTED:
        return Answer(Reply.ACCEPTED, supplier_reference=response.supplier_reference)
    ordered = {line.line_number: line for line in lines}
    problems = list(_problems(response, ordered))
    if problems:
        raise InvalidError(
            "response_not_taken", "The response says what cannot be taken as it is.", errors=problems
        )
    by_number = {line.line_number: line for line in response.lines}
    found = [_otherwise(line, by_number.get(number), response, asked) for number, line in ordered.items()]
    changed = tuple(line for line in found if line is not None)
    return Answer(
        Reply.ACCEPTED_WITH_CHANGES if changed else Reply.ACCEPTED,
        changed,
        supplier_reference=response.supplier_reference,
        reason=_first_line(response.note) if changed else None,
    )


def _problems(response: OrderResponse, ordered: Mapping[int, DraftLine]) -> Iterator[FieldError]:
    seen: set[int] = set()
    for place, line in enumerate(response.lines):
        at, known = f"/lines/{place}", ordered.get(line.line_number)
        if line.line_number in seen:
            yield FieldError(at, f"line {line.line_number} is answered twice")
        seen.add(line.line_number)
        if line.answer is LineAnswer.ADDED:
            yield FieldError(at, f"line {line.line_number} is added by the supplier: amend the order for it")
        elif known is None:
            yield FieldError(at, f"the order has no line {line.line_number}")
        elif line.answer is LineAnswer.NOT_ACCEPTED or (line.quantity and not line.quantity.quantity):
            yield FieldError(at, f"line {line.line_number} is not accepted: cancel it, or order it elsewhere")
        elif line.answer is LineAnswer.CHANGED:
            yield from _unit_problems(at, line, known)


def _unit_problems(at: str, line: SaidLine, ordered: DraftLine) -> Iterator[FieldError]:
    for name, said in (("quantity", line.quantity), ("price", line.price_base)):
        if said is not None and said.unit not in {None, ordered.unit}:
            yield FieldError(
                f"{at}/{name}", f"is in {said.unit}, and line {line.line_number} in {ordered.unit}"
            )
    if line.price is not None and _price(line, ordered) is None:
        yield FieldError(f"{at}/price", f"is no price of six decimals for {ordered.price_base_quantity:f}")


def _price(line: SaidLine, ordered: DraftLine) -> Decimal | None:
    """Return a price for the quantity that the order's is for; None where it would have to be rounded."""
    if line.price is None:
        return None
    of = Decimal(1) if line.price_base is None else line.price_base.quantity
    price = line.price * ordered.price_base_quantity / of
    kept = price.quantize(SIX_PLACES)
    return kept if kept * of == line.price * ordered.price_base_quantity else None


def _otherwise(
    ordered: DraftLine,
    said: SaidLine | None,
    response: OrderResponse,
    asked: Mapping[tuple[int, int], date],
) -> AnsweredLine | None:
    """Return what is to be otherwise of a line; None where it is as it is asked."""
    number = ordered.line_number
    changed = said if said is not None and said.answer is LineAnswer.CHANGED else None
    period = (said.promised if said is not None else None) or response.promised
    promised = None if period is None else period.last or period.first
    days = {asked[key] for one in schedules_of(ordered) if (key := (number, one.schedule_number)) in asked}
    if promised in days or not days:
        promised = None
    quantity = changed.quantity.quantity if changed is not None and changed.quantity is not None else None
    price = None if changed is None else _price(changed, ordered)
    substitute = None if changed is None else changed.substitute
    line = AnsweredLine(
        line_number=number,
        promised_on=promised,
        quantity=None if quantity == ordered.quantity else quantity,
        price=None if price == ordered.price else price,
        substitute=None
        if substitute is None or substitute.item in {None, ordered.item}
        else Substitute(substitute.item or "", substitute.description),
        reason=None if said is None else _first_line(said.note),
    )
    otherwise = (line.promised_on, line.quantity, line.price, line.substitute)
    return None if all(one is None for one in otherwise) else line


def _first_line(note: str | None) -> str | None:
    return None if note is None else note.splitlines()[0][:500]
