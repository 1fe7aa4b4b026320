"""Receiving goods against an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from procurement.orders.rules.expected import Balance, Expected
from procurement.orders.rules.states import Action, Status, next_status
from procurement.orders.store.receiving import expect
from procurement.receipts import rules, store
from procurement.receipts.model import closed_event, receipt_number, received_event
from procurement.receipts.queries import OVER_RECEIPT, RECEIVING_DUTIES
from procurement.receipts.rules import Arrival, ArrivedLine, OverReceipt
from purveyor import policies
from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, NotFoundError
from purveyor.policies import Place, Version
from purveyor_messaging.outbox import record_numbered


@dataclass(frozen=True, slots=True)
class Received:
    """A receipt as it was recorded, and where the order stands with it."""

    id: UUID
    serial_number: int
    arrival: Arrival
    supplier_id: UUID
    order_status: Status
    tolerance_versions: Mapping[int, int]


async def receive_goods(
    tx: Transaction,
    order_id: UUID,
    received_on: date | None,
    despatch_reference: str | None,
    arrived: tuple[ArrivedLine, ...],
    *,
    another_delivery: bool = False,
) -> Received:
    """Record goods that arrived, today unless said; the last close the order; → GoodsReceived, POClosed.

    Raises ConflictError for a despatch that the order has received before, and without one for what it has
    received just so on that day, unless it is `another_delivery`: who was not answered sends it again.
    """
    expected = await expect(tx, order_id)
    if expected is None:
        raise NotFoundError("purchase order", order_id)
    order, parts, balances = expected
    partial = next_status(Action.RECEIVE, order.status, held=order.hold_reason is not None)
    rules.check_not_held(order)
    duties = (await policies.history(tx, RECEIVING_DUTIES)).in_force(
        order.today, Place(business_unit=order.business_unit)
    )
    kept_apart = rules.kept_from_receiving(order, parts, duties.value)
    rules.check_receiver(tx.actor, kept_apart)
    arrival = Arrival(received_on or order.today, despatch_reference, arrived)
    tolerances = await _tolerances(tx, order, balances, arrival)
    rules.check_arrival(
        arrival,
        balances,
        order.ordered_on,
        order.today,
        {number: version.value.tolerance_percent for number, version in tolerances.items()},
    )
    versions = {number: version.number for number, version in tolerances.items()}
    completed = rules.completed_lines(arrival, balances)
    closes = rules.is_complete(arrival, balances)
    status = Status.CLOSED if closes else partial
    receipt_id = new_id()
    written = await store.insert(
        tx,
        order_id,
        receipt_id,
        arrival,
        status=status,
        events=2 if closes else 1,
        closes=closes,
        completed=completed,
        kept_apart=frozenset().union(*kept_apart.values()),
        tolerances=versions,
        another_delivery=another_delivery,
    )
    if written.serial_number is None:
        raise _received_before(arrival, written)
    received = received_event(order, receipt_id, arrival, tx.actor, imported=False)
    if written.closed_on is not None:
        record_numbered(tx, received, written.sequence - 1)
        record_numbered(tx, closed_event(order, written.closed_on), written.sequence)
    else:
        record_numbered(tx, received, written.sequence)
    before, after = {"status": order.status}, {"status": status}
    tx.audit("receive", "purchase_order", order_id, before=before, after=after)
    said = {"another_delivery": True} if another_delivery else {}
    tx.audit("record", "goods_receipt", receipt_id, after=arrival.content() | said)
    return Received(receipt_id, written.serial_number, arrival, order.supplier_id, status, versions)


def _received_before(arrival: Arrival, written: store.Recorded) -> ConflictError:
    number = receipt_number(written.before or 0)
    if arrival.despatch_reference is None:
        return ConflictError(
            "already_received",
            f"The order has received exactly this with {number} on {written.before_on}, without a despatch "
            "reference as now. If other goods came, say so with another_delivery, or name their despatch.",
            errors=[FieldError("/lines", f"received before, with {number}")],
            goods_receipt=number,
        )
    return ConflictError(
        "despatch_already_received",
        f"The order has received {arrival.despatch_reference} with {number} on {written.before_on}. If other "
        "goods came under the same reference, say so with another_delivery.",
        errors=[FieldError("/despatch_reference", f"received before, with {number}")],
        goods_receipt=number,
    )


async def _tolerances(
    tx: Transaction, order: Expected, balances: Mapping[int, Balance], arrival: Arrival
) -> dict[int, Version[OverReceipt]]:
    """Return what is in force for each of the order's lines that arrived, on the day that they did."""
    history = await policies.history(tx, OVER_RECEIPT)
    return {
        line.line_number: history.in_force(
            arrival.received_on, Place(balances[line.line_number].category, order.business_unit)
        )
        for line in arrival.lines
        if line.line_number in balances
    }
