"""Orders take of requested lines and give back: never more is on orders than was approved.

The row of a requisition is locked before anything is taken of it: of two buyers who want the last of a line
one gets it, and the other is told what is left. Who calls has locked the order, or has just made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from procurement.requisitions import store
from procurement.requisitions.commands.telling import REQUISITION
from procurement.requisitions.model import Requisition, RequisitionLine, RequisitionOrderLine
from procurement.requisitions.model.events import ordered_event
from procurement.requisitions.rules.lines import NOTHING, why_not_orderable
from procurement.requisitions.rules.states import Action, next_status
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor_messaging.outbox import record


@dataclass(frozen=True, slots=True)
class Ordering:
    """An order that takes of requisitions: who is to deliver, and what people call it."""

    id: UUID
    number: str
    supplier_id: UUID


@dataclass(frozen=True, slots=True)
class Taken:
    """How much of a requested line an order line is to order."""

    requisition_id: UUID
    line_number: int
    order_line_number: int
    quantity: Decimal


async def take(
    tx: Transaction, found: Mapping[UUID, Requisition], order: Ordering, taken: Sequence[Taken]
) -> None:
    """Let a new order take of locked requisitions, whose lines were checked; → RequisitionOrdered of each."""
    for one in taken:
        line = found[one.requisition_id].line(one.line_number)
        line.orders.append(
            RequisitionOrderLine(
                order_id=order.id,
                order_line_number=one.order_line_number,
                order_number=order.number,
                quantity=one.quantity,
                delivered_quantity=NOTHING,
            )
        )
    await _tell(tx, [found[key] for key in sorted({one.requisition_id for one in taken})], order)


def check_orderable(found: Mapping[UUID, Requisition], wanted: Sequence[tuple[UUID, int, Decimal]]) -> None:
    """Raise ConflictError or InvalidError unless so much may be ordered of locked requisitions, all together.

    `wanted` are requisition, line and quantity; what is wrong is said of their places.
    """
    for requisition in found.values():
        next_status(Action.ORDER, requisition.status)
    problems = []
    before: dict[tuple[UUID, int], Decimal] = {}
    for place, (requisition_id, number, quantity) in enumerate(wanted):
        line = found[requisition_id].line(number)
        before[requisition_id, number] = before.get((requisition_id, number), NOTHING) + quantity
        if why := why_not_orderable(line, before[requisition_id, number]):
            problems.append(FieldError(f"/lines/{place}/quantity", why))
    if problems:
        raise _exceeded(problems)


async def settle(tx: Transaction, order: Ordering, changes: Mapping[int, Decimal]) -> None:
    """Count what an order wants more or less of its lines; → RequisitionOrdered of each that it concerns.

    Raises InvalidError where more is wanted than is open of what was approved.
    """
    found = await store.ordered_with(tx, order.id)
    concerned = list(_held(found, order, changes))
    problems = [
        FieldError("/lines", f"line {held.order_line_number}: {why}")
        for _, line, held, change in concerned
        if change > 0 and (why := why_not_orderable(line, change))
    ]
    if problems:
        raise _exceeded(problems)
    await _apply(tx, order, concerned)


async def settle_what_can_be(
    tx: Transaction, order: Ordering, changes: Mapping[int, Decimal]
) -> dict[int, Decimal]:
    """Count what an order wants more or less, as far as that is open; return what is not."""
    found = await store.ordered_with(tx, order.id)
    concerned = list(_held(found, order, changes))
    refused = {
        held.order_line_number: change
        for _, line, held, change in concerned
        if change > 0 and why_not_orderable(line, change)
    }
    await _apply(tx, order, [one for one in concerned if one[2].order_line_number not in refused])
    return refused


async def note_delivered(tx: Transaction, order_id: UUID, accepted: Mapping[int, Decimal]) -> None:
    """Note what came of an order's lines and was accepted, in all; who has all of it has what they asked."""
    await tx.flush()
    for requisition in (await store.ordered_with(tx, order_id)).values():
        before = requisition.status
        for line in requisition.lines:
            for held in line.orders:
                if held.order_id == order_id and held.order_line_number in accepted:
                    held.delivered_quantity = min(accepted[held.order_line_number], held.quantity)
            line.note_orders()
        requisition.note_lines()
        await tx.flush()
        if requisition.status != before:
            after = {"status": requisition.status}
            tx.audit("deliver", REQUISITION, requisition.id, before={"status": before}, after=after)


_Concerned = tuple[Requisition, RequisitionLine, RequisitionOrderLine, Decimal]


def _held(
    found: Mapping[UUID, Requisition], order: Ordering, changes: Mapping[int, Decimal]
) -> Iterator[_Concerned]:
    for requisition in found.values():
        for line in requisition.lines:
            for held in line.orders:
                if held.order_id == order.id and (change := changes.get(held.order_line_number)):
                    yield requisition, line, held, change


async def _apply(tx: Transaction, order: Ordering, concerned: Sequence[_Concerned]) -> None:
    for _, _, held, change in concerned:
        held.hold(held.quantity + change)
    by_id = {requisition.id: requisition for requisition, *_ in concerned}
    await _tell(tx, [by_id[key] for key in sorted(by_id)], order)


async def _tell(tx: Transaction, concerned: Sequence[Requisition], order: Ordering) -> None:
    for requisition in concerned:
        before = requisition.status
        for line in requisition.lines:
            line.note_orders()
        requisition.note_lines()
        record(tx, requisition, ordered_event(requisition, order.id, order.number, order.supplier_id))
        await tx.flush()
        after = {"status": requisition.status, "order": order.number}
        tx.audit("order", REQUISITION, requisition.id, before={"status": before}, after=after)


def _exceeded(problems: Sequence[FieldError]) -> InvalidError:
    return InvalidError(
        "requisition_exceeded", "More than may be ordered of what was approved.", errors=problems
    )
