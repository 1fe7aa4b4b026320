"""An order is held for a while, and released."""

from __future__ import annotations

from uuid import UUID

from procurement.orders.commands.orders import ORDER, locked
from procurement.orders.model import PurchaseOrder
from procurement.orders.rules import states
from procurement.orders.rules.states import BINDING, Action
from procurement.sites import store as sites
from purveyor.db import Transaction
from purveyor.errors import ConflictError
from purveyor.versions import Seen
from purveyor_contract.events.procurement.orders import POHeld, POReleased
from purveyor_messaging.outbox import record


async def hold_order(
    tx: Transaction, order_id: UUID, seen: Seen, reason: str, told: str | None, *, stops_receipts: bool
) -> PurchaseOrder:
    """Let nothing be issued of an order, nor received if so said, until it is released; → POHeld."""
    order = await locked(tx, order_id, seen)
    states.next_status(Action.HOLD, order.status)
    states.check_not_held(order.held_at, order.hold_reason)
    today = await sites.business_day(tx, order.site)
    order.hold(tx.actor, tx.now, reason, told, receipts=stops_receipts)
    if order.status in BINDING:
        record(
            tx,
            order,
            POHeld(
                order_id=order.id,
                supplier_id=order.supplier_id,
                number=order.number,
                held_on=today,
                stops_receipts=stops_receipts,
                reason=reason,
                reason_for_supplier=told,
                held_by=tx.actor,
            ),
        )
    await tx.flush()
    after = {"stops_receipts": stops_receipts, "reason_for_supplier": told}
    tx.audit("hold", ORDER, order.id, after=after, reason=reason)
    return order


async def release_order(
    tx: Transaction, order_id: UUID, seen: Seen, reason: str, told: str | None
) -> PurchaseOrder:
    """Let an order go on; → POReleased once it is issued."""
    order = await locked(tx, order_id, seen)
    states.next_status(Action.RELEASE, order.status)
    if order.held_at is None:
        allowed = states.allowed_actions(order.status)
        raise ConflictError("wrong_state", "The order is not held.", status_now=order.status, allowed=allowed)
    before = {"hold": order.hold_reason}
    today = await sites.business_day(tx, order.site)
    order.release()
    if order.status in BINDING:
        record(
            tx,
            order,
            POReleased(
                order_id=order.id,
                supplier_id=order.supplier_id,
                number=order.number,
                released_on=today,
                reason=reason,
                reason_for_supplier=told,
                released_by=tx.actor,
            ),
        )
    await tx.flush()
    tx.audit("release", ORDER, order.id, before=before, after={"reason_for_supplier": told}, reason=reason)
    return order
