"""Single lines of an issued order: closed short, cancelled, reopened, while the others go on."""

from __future__ import annotations

from uuid import UUID

from procurement.categories.store import above
from procurement.orders.commands.amending import lock_seller
from procurement.orders.commands.budgets import charges_of, recommit
from procurement.orders.commands.orders import ORDER, locked
from procurement.orders.commands.settling import settle
from procurement.orders.model import PurchaseOrder, cancelled_event, closed_event
from procurement.orders.rules import permissions, states
from procurement.orders.rules.lines import LineAction, check_line
from procurement.orders.rules.quantities import ClosedAs
from procurement.orders.rules.states import Action, Status
from procurement.sites import store as sites
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.versions import Seen
from purveyor_contract.events.procurement.orders import (
    POLineClosed,
    POLineReopened,
    POReopened,
)
from purveyor_messaging.outbox import record


async def close_line(
    tx: Transaction,
    order_id: UUID,
    number: int,
    seen: Seen,
    action: LineAction,
    reason: str,
    told: str | None,
) -> PurchaseOrder:
    """Call off what is open of a line; → POLineClosed, and POClosed or POCancelled when it was the last."""
    order = await _locked(tx, order_id, number, seen, action, Action.CLOSE_LINE)
    before, today = _said(order, number), await sites.business_day(tx, order.site)
    wanted, charges = order.wanted(), await charges_of(tx, order)
    line = order.close_line(number, tx.actor, today, reason, told)
    record(
        tx,
        order,
        POLineClosed(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            line_number=number,
            cancelled_quantity=line.cancelled_quantity,
            closed_as="short" if line.closed_as == ClosedAs.SHORT else "cancelled",
            closed_on=today,
            reason=reason,
            reason_for_supplier=told,
            closed_by=tx.actor,
        ),
    )
    if order.status == Status.CLOSED:
        record(tx, order, closed_event(order, today))
    elif order.status == Status.CANCELLED:
        record(tx, order, cancelled_event(order, today, reason, told, tx.actor))
    await settle(tx, order, wanted)
    await recommit(tx, order, charges, today)
    return await _written(tx, order, number, f"{action}_line", before, reason, told)


async def reopen_line(
    tx: Transaction, order_id: UUID, number: int, seen: Seen, reason: str, told: str | None
) -> PurchaseOrder:
    """Let what was called off of a line be wanted again; → POLineReopened, POReopened.

    It is ordered anew: the supplier has to be approved for it today; its row is locked before the order's.
    Nobody does it who received goods of the order.
    """
    seller = await lock_seller(tx, order_id)
    order = await _locked(tx, order_id, number, seen, LineAction.REOPEN, Action.REOPEN_LINE)
    before, today = _said(order, number), await sites.business_day(tx, order.site)
    lines = order.stated().lines
    permissions.check_supplier_approved(
        [line.category for line in lines],
        seller.standing,
        today,
        {place for place, line in enumerate(lines) if line.line_number == number},
        ancestors=await above(tx, {line.category for line in lines}),
    )
    wanted, charges = order.wanted(), await charges_of(tx, order)
    order.note_orderer(tx.actor)
    was_closed = order.reopen_line(number)
    order.flag(seller.flag_reason, seller.flagged_at)
    await settle(tx, order, wanted, today)
    await recommit(tx, order, charges, today)
    record(
        tx,
        order,
        POLineReopened(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            line_number=number,
            open_quantity=order.line(number).open_quantity,
            reopened_on=today,
            reason=reason,
            reason_for_supplier=told,
            reopened_by=tx.actor,
        ),
    )
    if was_closed:
        record(
            tx,
            order,
            POReopened(
                order_id=order.id, supplier_id=order.supplier_id, number=order.number, reopened_on=today
            ),
        )
    return await _written(tx, order, number, "reopen_line", before, reason, told)


async def _locked(
    tx: Transaction, order_id: UUID, number: int, seen: Seen, action: LineAction, move: Action
) -> PurchaseOrder:
    """Lock an order with its lines, of which one allows an action."""
    order = await locked(tx, order_id, seen)
    states.next_status(move, order.status, held=order.held_at is not None)
    await tx.session.refresh(order, ["lines"])
    now = order.lines_now().get(number)
    if now is None:
        raise NotFoundError("purchase order line", number)
    check_line(action, now)
    return order


async def _written(
    tx: Transaction,
    order: PurchaseOrder,
    number: int,
    action: str,
    before: dict[str, object],
    reason: str,
    told: str | None,
) -> PurchaseOrder:
    await tx.flush()
    after = _said(order, number) | {"reason_for_supplier": told}
    tx.audit(action, ORDER, order.id, before=before, after=after, reason=reason)
    return order


def _said(order: PurchaseOrder, number: int) -> dict[str, object]:
    line = order.line(number)
    return {
        "status": order.status,
        "line_number": number,
        "closed_as": line.closed_as,
        "cancelled_quantity": line.cancelled_quantity,
    }
