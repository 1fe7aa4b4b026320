"""Receiving goods against an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from procurement.orders.commands import take_back_goods
from procurement.orders.rules.expected import Balance, Expected, Parts
from procurement.orders.rules.states import Action, Status, next_status
from procurement.orders.store.receiving import expect
from procurement.receipts.model import (
    GoodsReceipt,
    closed_event,
    receipt_number,
    received_event,
    reversed_event,
)
from procurement.receipts.queries import RECEIVING_DUTIES, REJECTED_GOODS
from procurement.receipts.rules import arriving as rules
from procurement.receipts.rules import reversing
from procurement.receipts.rules.arriving import Arrival, ArrivedLine, RejectedIs
from procurement.receipts.rules.reversing import Reversal, ReversedLine
from procurement.receipts.store import recording
from procurement.receipts.store import reversing as reversals
from procurement.suppliers import store as suppliers
from procurement.tolerances.queries import OVER_RECEIPT
from procurement.tolerances.rules import OverReceipt
from purveyor import policies
from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
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
    kept_apart = await _kept_apart(tx, order, parts)
    arrival = Arrival(received_on or order.today, despatch_reference, arrived)
    try:
        partial, tolerances = await _judge(tx, order, balances, arrival)
    except (ConflictError, InvalidError):
        first = None if another_delivery else await recording.find_before(tx, order_id, arrival)
        if first is None:
            raise
        raise _received_before(arrival, first) from None
    arrival = rules.decided(arrival, await _rejected_goods(tx, order, balances, arrival))
    versions = {number: version.number for number, version in tolerances.items()}
    completed = rules.completed_lines(arrival, balances)
    closes = rules.is_complete(arrival, balances)
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
        completed=completed,
        kept_apart=kept_apart,
        tolerances=versions,
        another_delivery=another_delivery,
    )
    if isinstance(written, recording.Before):
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


async def reverse_receipt(
    tx: Transaction,
    receipt_id: UUID,
    reversed_on: date | None,
    lines: tuple[ReversedLine, ...] | None,
    reason: str,
    told: str | None,
) -> tuple[GoodsReceipt, Status]:
    """Take a receipt back by a counter-entry, all that is left of it or some; → GoodsReceiptReversed.

    What had followed from the goods follows back: the order is as if they had never come, and is open again
    when they had completed it (→ POReopened). Who may not receive an order's goods does not take them back.
    Raises ConflictError when nothing is left of it. Returns it with where its order stands.
    """
    found = await reversals.look_at(tx, receipt_id)
    if found is None:
        raise NotFoundError("goods receipt", receipt_id)
    await suppliers.lock_seller(tx, found.supplier_id)
    expected = await expect(tx, found.order_id)
    if expected is None:
        raise NotFoundError("purchase order", found.order_id)
    order, parts, _ = expected
    kept_apart = await _kept_apart(tx, order, parts)
    receipt = await reversals.read_again(tx, receipt_id)
    reversal = Reversal(reversed_on or order.today, lines)
    standing = {line.line_number: line.standing() for line in receipt.lines}
    goods = reversing.taken_back(reversal, standing, receipt.received_on, order.today)
    entry = await reversals.reverse(
        tx, receipt, reversal.reversed_on, goods, reason, told, sorted(kept_apart)
    )
    now = await take_back_goods(
        tx,
        order.id,
        goods,
        reversal.reversed_on,
        reason,
        lambda order: reversed_event(order, receipt, entry, goods),
    )
    tx.audit(
        "reverse",
        "goods_receipt",
        receipt_id,
        after={
            "reversal": entry.id,
            "reversed_on": reversal.reversed_on,
            "lines": goods,
            "reason_for_supplier": told,
        },
        reason=reason,
    )
    return receipt, Status(now.status)


async def _kept_apart(tx: Transaction, order: Expected, parts: Parts) -> frozenset[str]:
    """Return who takes neither an order's goods in nor them back; raises ForbiddenError for one of them."""
    duties = (await policies.history(tx, RECEIVING_DUTIES)).in_force(
        order.today, Place(business_unit=order.business_unit)
    )
    kept_apart = rules.kept_from_receiving(order, parts, duties.value)
    rules.check_receiver(tx.actor, kept_apart)
    return frozenset().union(*kept_apart.values())


async def _judge(
    tx: Transaction, order: Expected, balances: Mapping[int, Balance], arrival: Arrival
) -> tuple[Status, dict[int, Version[OverReceipt]]]:
    """Return where goods lead an order that they do not complete, and the tolerances of its lines.

    Raises ConflictError or InvalidError for goods that it does not take. That they are none but those of a
    receipt of before is looked for only then: who was not answered is told of it on a closed order, too.
    """
    partial = next_status(Action.RECEIVE, order.status, held=order.hold_reason is not None)
    rules.check_not_held(order)
    tolerances = await _tolerances(tx, order, balances, arrival)
    rules.check_arrival(
        arrival,
        balances,
        order.ordered_on,
        order.today,
        {number: version.value.tolerance_percent for number, version in tolerances.items()},
    )
    return partial, tolerances


def _received_before(arrival: Arrival, before: recording.Before) -> ConflictError:
    number = receipt_number(before.serial_number)
    if arrival.despatch_reference is None:
        return ConflictError(
            "already_received",
            f"The order has received exactly this with {number} on {before.received_on}, without a despatch "
            "reference as now. If other goods came, say so with another_delivery, or name their despatch.",
            errors=[FieldError("/lines", f"received before, with {number}")],
            goods_receipt=number,
        )
    return ConflictError(
        "despatch_already_received",
        f"The order has received {arrival.despatch_reference} with {number} on {before.received_on}. If "
        "other goods came under the same reference, say so with another_delivery.",
        errors=[FieldError("/despatch_reference", f"received before, with {number}")],
        goods_receipt=number,
    )


async def _rejected_goods(
    tx: Transaction, order: Expected, balances: Mapping[int, Balance], arrival: Arrival
) -> dict[int, RejectedIs]:
    """Return what the policy makes of rejected goods, by line; it is asked only where any were."""
    rejected = [line.line_number for line in arrival.lines if line.rejected_quantity]
    if not rejected:
        return {}
    history = await policies.history(tx, REJECTED_GOODS)
    return {
        number: history.in_force(
            arrival.received_on, Place(category=balances[number].category, business_unit=order.business_unit)
        ).value.rejected_is
        for number in rejected
    }


async def _tolerances(
    tx: Transaction, order: Expected, balances: Mapping[int, Balance], arrival: Arrival
) -> dict[int, Version[OverReceipt]]:
    """Return what is in force for each of the order's lines that arrived, on the day that they did."""
    history = await policies.history(tx, OVER_RECEIPT)
    return {
        line.line_number: history.in_force(
            arrival.received_on,
            Place(category=balances[line.line_number].category, business_unit=order.business_unit),
        )
        for line in arrival.lines
        if line.line_number in balances
    }
