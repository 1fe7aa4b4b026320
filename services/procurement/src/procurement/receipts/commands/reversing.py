"""Goods that were received turn out never to have come, or not so."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from procurement.orders.commands import take_back_goods
from procurement.orders.rules.states import Status
from procurement.orders.store.receiving import expect
from procurement.receipts.commands.duties import check_duties
from procurement.receipts.model import GoodsReceipt, reversed_event
from procurement.receipts.rules import reversing
from procurement.receipts.rules.reversing import Reversal, ReversedLine
from procurement.receipts.store import reversing as reversals
from procurement.shipments import commands as shipments
from procurement.suppliers import store as suppliers
from purveyor.db import Transaction
from purveyor.errors import NotFoundError


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
    when they had completed it (→ POReopened), or cancelled when its rest had been called off and nothing is
    left of what came (→ POCancelled). Who may not receive an order's goods does not take them back.
    Raises ConflictError when nothing is left of it. Returns it with where its order stands.
    """
    found = await reversals.look_at(tx, receipt_id)
    if found is None:
        raise NotFoundError("goods receipt", receipt_id)
    await suppliers.lock_seller(tx, found.supplier_id)
    awaited = await expect(tx, found.order_id)
    if awaited is None:
        raise NotFoundError("purchase order", found.order_id)
    order = awaited.order
    kept_apart = await check_duties(tx, awaited)
    receipt = await reversals.read_again(tx, receipt_id)
    reversal = Reversal(reversed_on or order.today, lines)
    standing = {line.line_number: line.standing() for line in receipt.lines}
    goods = reversing.taken_back(reversal, standing, receipt.received_on, order.today)
    entry = await reversals.reverse(
        tx, receipt, reversal.reversed_on, goods, reason, told, sorted(kept_apart)
    )
    if receipt.shipment_id is not None:
        quantities = {parts.taken.line_number: parts.taken.quantity for parts in goods}
        await shipments.taken_back(tx, receipt.shipment_id, order.id, quantities)
    now = await take_back_goods(
        tx,
        order.id,
        [parts.taken for parts in goods],
        reversal.reversed_on,
        reason,
        told,
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
