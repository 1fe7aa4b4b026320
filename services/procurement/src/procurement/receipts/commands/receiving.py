"""Goods arrive for an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from procurement.orders.commands.budgets import give_back_what_need_not_come
from procurement.orders.commands.settling import settle_arrival
from procurement.orders.rules.expected import Awaited
from procurement.orders.rules.states import Action, Status, next_status
from procurement.orders.store.receiving import expect
from procurement.receipts.commands.duties import check_duties
from procurement.receipts.commands.judging import Judging
from procurement.receipts.commands.tracking import expect_not_in_stock, expect_schedules, kept_items
from procurement.receipts.model import closed_event, receipt_number, received_event
from procurement.receipts.queries import DELIVERY_NOTES
from procurement.receipts.rules import arriving, completing
from procurement.receipts.rules.arriving import Arrival, ArrivedLine
from procurement.receipts.rules.measuring import measured
from procurement.receipts.rules.notes import RepeatedIs, Warned, note_received_before
from procurement.receipts.rules.tracking import check_tracking
from procurement.receipts.store import recording, tracking
from procurement.receipts.store.recording import Before
from procurement.shipments import commands as shipments
from procurement.shipments.model import Shipment
from purveyor import policies
from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
from purveyor.policies import Place
from purveyor_messaging.outbox import record_numbered


@dataclass(frozen=True, slots=True)
class Received:
    """A receipt as it was recorded, and where the order stands with it."""

    id: UUID
    serial_number: int
    arrival: Arrival
    supplier_id: UUID
    order_status: Status
    warnings: Sequence[Warned]


async def receive_goods(
    tx: Transaction,
    order_id: UUID,
    received_on: date | None,
    despatch_reference: str | None,
    arrived: tuple[ArrivedLine, ...],
    *,
    shipment_id: UUID | None = None,
    another_delivery: bool = False,
) -> Received:
    """Record goods that arrived, today unless said; the last close the order; → GoodsReceived, POClosed.

    What came with a shipment, which is named or known by the despatch reference, is under way no more.

    Raises ConflictError for a despatch that the order has received before, unless the policy only warns of
    that, and without one for what it has received just so on that day, unless it is `another_delivery`: who
    was not answered sends it again.
    """
    awaited = await expect(tx, order_id)
    if awaited is None:
        raise NotFoundError("purchase order", order_id)
    order = awaited.order
    kept_apart = await check_duties(tx, awaited)
    shipment = await _shipment(tx, awaited, shipment_id, despatch_reference)
    arrival = Arrival(
        received_on or order.today,
        despatch_reference or (shipment.despatch_reference if shipment else None),
        arrived,
        shipment.id if shipment else None,
    )
    judging = await Judging.on(tx, awaited, arrival.received_on)
    try:
        partial, arrival, warnings = _judge(awaited, arrival, judging)
        await expect_not_in_stock(tx, awaited, arrival)
        await expect_schedules(tx, awaited, arrival)
    except (ConflictError, InvalidError):
        first = None if another_delivery else await recording.find_before(tx, order_id, arrival)
        if first is None:
            raise
        raise _received_before(arrival, first) from None
    closings = completing.closings(arrival, awaited.balances)
    closes = completing.is_complete(arrival, awaited.balances)
    status = Status.CLOSED if closes else partial
    receipt_id = new_id()
    written = await recording.insert(
        tx,
        order_id,
        receipt_id,
        arrival,
        status=status,
        events=2 if closes else 1,
        closes=closes,
        closings=closings,
        kept_apart=kept_apart,
        another_delivery=another_delivery,
        refuses_repeated=await _refuses_repeated(tx, awaited, arrival),
    )
    if isinstance(written, Before):
        raise _received_before(arrival, written)
    if shipment is not None:
        quantities = {line.line_number: line.quantity for line in arrival.lines}
        await shipments.arrived(tx, shipment, order_id, quantities, arrival.received_on)
    await tracking.insert(tx, receipt_id, arrival, kept_items(awaited, arrival))
    received = received_event(order, awaited.balances, receipt_id, arrival, tx.actor, imported=False)
    if written.closed_on is not None:
        record_numbered(tx, received, written.sequence - 1)
        record_numbered(tx, closed_event(order, written.closed_on), written.sequence)
    else:
        record_numbered(tx, received, written.sequence)
    called_off, accepted = arrival.called_off(awaited.balances), arrival.accepted(awaited.balances)
    await settle_arrival(tx, order, called_off, accepted)
    if any(line.cancelled_quantity or line.refused_for_good_quantity for line in arrival.lines):
        await give_back_what_need_not_come(tx, order_id, awaited.balances, order.today)
    before, after = {"status": order.status}, {"status": status}
    tx.audit("receive", "purchase_order", order_id, before=before, after=after)
    warnings = [*_repeated(arrival, written.before), *warnings]
    said: dict[str, Any] = {"another_delivery": True} if another_delivery else {}
    said |= {"warnings": [warned.detail for warned in warnings]} if warnings else {}
    tx.audit("record", "goods_receipt", receipt_id, after=arrival.content() | said)
    return Received(receipt_id, written.serial_number, arrival, order.supplier_id, status, warnings)


def _judge(awaited: Awaited, arrival: Arrival, judging: Judging) -> tuple[Status, Arrival, Sequence[Warned]]:
    """Return where goods lead an order that they do not complete, what is decided of them, and warnings.

    Raises ConflictError or InvalidError for goods that it does not take. That they are none but those of a
    receipt of before is looked for only then: who was not answered is told of it on a closed order, too.
    """
    order, balances = awaited.order, awaited.balances
    partial = next_status(Action.RECEIVE, order.status, held=order.hold_reason is not None)
    arriving.check_not_held(order)
    arrival = measured(arrival, balances, awaited.items)
    over = {
        line.line_number: judging.over(line.line_number)
        for line in arrival.lines
        if line.line_number in balances
    }
    arriving.check_arrival(arrival, balances, order.ordered_on, order.today, over)
    arrival = completing.decided(arrival, {number: judging.rejected_is(number) for number in over}, over)
    short = {number: judging.short_life_is(number) for number in over}
    warnings = check_tracking(arrival, balances, awaited.items, short)
    enough = {number: judging.under(number) for number in over}
    return partial, completing.with_enough(arrival, balances, enough), warnings


async def _shipment(
    tx: Transaction, awaited: Awaited, shipment_id: UUID | None, reference: str | None
) -> Shipment | None:
    """Lock the shipment that goods came with; its number is looked for where anything is under way only."""
    order = awaited.order
    if shipment_id is not None:
        return await shipments.lock_expected(tx, shipment_id, order.id)
    if reference is None or not any(line.under_way_quantity for line in awaited.balances.values()):
        return None
    return await shipments.lock_announced(tx, order.supplier_id, reference, order.id)


async def _refuses_repeated(tx: Transaction, awaited: Awaited, arrival: Arrival) -> bool:
    """Whether a receipt that was booked before is not booked again, though it does not say that it may be.

    The policy is of delivery notes: without one the same is taken for the same request, sent again.
    """
    if arrival.despatch_reference is None:
        return True
    order = awaited.order
    place = Place(supplier_id=order.supplier_id, site=order.site, business_unit=order.business_unit)
    notes = (await policies.history(tx, DELIVERY_NOTES)).in_force(arrival.received_on, place)
    return notes.value.repeated_is == RepeatedIs.REFUSED


def _repeated(arrival: Arrival, before: Before | None) -> list[Warned]:
    if before is None:
        return []
    number = receipt_number(before.serial_number)
    return [note_received_before(arrival, number, before.received_on)]


def _received_before(arrival: Arrival, before: Before) -> ConflictError:
    number = receipt_number(before.serial_number)
    if arrival.despatch_reference is None:
        return ConflictError(
            "already_received",
            f"The order has received exactly this with {number} on {before.received_on}, without a despatch "
            "reference as now. If other goods came, say so with another_delivery, or name their despatch.",
            errors=[FieldError("/lines", f"received before, with {number}")],
            goods_receipt=number,
        )
    warned = note_received_before(arrival, number, before.received_on)
    return ConflictError(
        "despatch_already_received",
        f"{warned.detail} If other goods came under the same reference, say so with another_delivery.",
        errors=[FieldError(warned.pointer, f"received before, with {number}")],
        goods_receipt=number,
    )
