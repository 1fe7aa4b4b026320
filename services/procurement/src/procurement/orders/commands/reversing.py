"""Goods of an order turn out never to have come: what they had led to follows back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from procurement.orders.commands.budgets import charges_of, recommit
from procurement.orders.commands.orders import ORDER
from procurement.orders.commands.settling import settle_taken_back
from procurement.orders.model import PurchaseOrder, cancelled_event
from procurement.orders.rules.reversing import TakenBack
from procurement.orders.rules.states import OPEN, Status
from procurement.orders.store import rows
from procurement.suppliers import store as suppliers
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor_contract.events.procurement.orders import OrderEvent, POReopened
from purveyor_messaging.outbox import record


async def take_back_goods(
    tx: Transaction,
    order_id: UUID,
    goods: Sequence[TakenBack],
    on: date,
    reason: str,
    reason_for_supplier: str | None,
    told: Callable[[PurchaseOrder], OrderEvent],
) -> PurchaseOrder:
    """Let goods of a locked order never have come; → what is told of it, POReopened if that opens it.

    → POCancelled when the order had been closed with what came, and nothing is left of that. An order that is
    open again carries its supplier's flag, as open ones do; its supplier's row was locked before it.
    """
    order = await rows.lock(tx, order_id)
    if order is None:
        raise NotFoundError("purchase order", order_id)
    await tx.session.refresh(order, ["lines"])
    before, wanted, cancelled_on = order.status, order.wanted(), order.cancelled_on
    charges = await charges_of(tx, order)
    order.take_goods_back(goods, tx.actor, on, reason, reason_for_supplier)
    order.note_receiver(tx.actor)
    await settle_taken_back(tx, order, wanted)
    await recommit(tx, order, charges, on, is_so=True)
    record(tx, order, told(order))
    if order.status == Status.CANCELLED and cancelled_on is None:
        record(tx, order, cancelled_event(order, on, reason, reason_for_supplier, tx.actor))
    elif before == Status.CLOSED and order.status in OPEN:
        seller = await suppliers.lock_seller(tx, order.supplier_id)
        if seller is not None:
            order.flag(seller.flag_reason, seller.flagged_at)
        record(
            tx,
            order,
            POReopened(order_id=order.id, supplier_id=order.supplier_id, number=order.number, reopened_on=on),
        )
    await tx.flush()
    tx.audit(
        "reverse_receipt",
        ORDER,
        order.id,
        before={"status": before},
        after={"status": order.status},
        reason=reason,
    )
    return order
