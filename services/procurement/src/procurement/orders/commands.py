"""What can be done with purchase orders, one function a use case."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import asyncpg
from sqlalchemy.orm.attributes import flag_modified

from procurement.orders import queries, rules, statements
from procurement.orders.model import PurchaseOrder, issued_event, ordered_line_of_row
from procurement.orders.rules import BINDING, Action, DraftOrder, Status
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import ForbiddenError
from purveyor_contract.events.procurement.orders import POAcknowledged, POCancelled
from purveyor_contract.roles import Role
from purveyor_messaging.outbox import record, record_numbered

ORDER = "purchase_order"


async def create_order(tx: Transaction, draft: DraftOrder) -> tuple[asyncpg.Record, list[Decimal]]:
    """Write a draft, ordered today at the site unless it says when; return it and its lines' amounts."""
    amounts = rules.order_amounts(draft)
    rules.check_lines(draft.lines, amounts)
    created = await statements.create(tx, draft, amounts)
    if created is None:
        await queries.named(tx, draft.supplier_id, draft.site)
        raise AssertionError("a supplier and a site that exist can be ordered from")
    rules.check_dates(draft, created["ordered_on"], created["today"])
    tx.audit("create", ORDER, created["id"], after=draft.content())
    return created, amounts


async def change_order(tx: Transaction, order_id: UUID, seen: int, draft: DraftOrder) -> PurchaseOrder:
    """Replace what a draft says, header and lines."""
    amounts = rules.order_amounts(draft)
    rules.check_lines(draft.lines, amounts)
    order = await queries.locked_order(tx, order_id, seen)
    rules.next_status(Action.CHANGE, order.status)
    supplier, site = await queries.named(tx, draft.supplier_id, draft.site)
    today = await queries.today_at(tx, site.code)
    ordered_on = draft.ordered_on or today
    rules.check_dates(draft, ordered_on, today)
    await tx.session.refresh(order, ["lines"])
    before = order.stated().content()
    order.restate(draft, ordered_on, amounts)
    order.flag(supplier.order_flag, tx.now)
    flag_modified(order, "status")  # lines alone may have changed, and the ETag speaks for them too
    await tx.flush()
    tx.audit("change", ORDER, order.id, before=before, after=draft.content())
    return order


async def submit_order(tx: Transaction, order_id: UUID, seen: int) -> asyncpg.Record:
    """Hand a draft in for approval."""
    submitted = await statements.submit(tx, order_id, seen)
    if submitted is None:
        raise await queries.refusal(tx, order_id, seen, Action.SUBMIT)
    _audit_move(tx, "submit", order_id, Status.DRAFT, submitted["status"])
    return submitted


async def approve_order(tx: Transaction, order_id: UUID, seen: int) -> asyncpg.Record:
    """Approve a submitted order; neither its author nor who onboarded the supplier may."""
    approved = await statements.approve(tx, order_id, seen)
    if approved is None:
        raise await queries.refusal(tx, order_id, seen, Action.APPROVE)
    rules.check_approver(tx.actor, approved["created_by"], approved["supplier_onboarded_by"])
    _audit_move(tx, "approve", order_id, Status.SUBMITTED, approved["status"])
    return approved


async def return_order(tx: Transaction, order_id: UUID, seen: int, reason: str) -> PurchaseOrder:
    """Give an order back to its author as a draft."""
    order = await queries.locked_order(tx, order_id, seen)
    before = order.status
    order.take_back()
    await tx.flush()
    _audit_move(tx, "return", order_id, before, order.status, reason)
    return order


async def issue_order(tx: Transaction, order_id: UUID, seen: int) -> asyncpg.Record:
    """Make an order binding, if its supplier is approved for every line's category today; → POIssued."""
    lines = await statements.issue(tx, order_id, seen)
    if not lines:
        raise await queries.refusal(tx, order_id, seen, Action.ISSUE)
    issued = lines[0]
    rules.check_supplier_approved(
        [line["category"] for line in lines],
        issued["supplier_status"],
        issued["status_reason"],
        issued["approvals"],
        issued["today"],
    )
    record_numbered(
        tx, issued_event(issued, [ordered_line_of_row(line) for line in lines]), issued["sequence"]
    )
    _audit_move(tx, "issue", order_id, Status.APPROVED, issued["status"])
    return issued


async def acknowledge_order(
    tx: Transaction, order_id: UUID, seen: int, by: Principal, supplier_reference: str | None
) -> PurchaseOrder:
    """Note the supplier's confirmation, by the supplier or by a buyer who heard of it; → POAcknowledged."""
    order = await queries.locked_order(tx, order_id, seen, by)
    before = order.status
    today = await queries.today_at(tx, order.site)
    order.acknowledge(tx.actor, today, supplier_reference)
    record(
        tx,
        order,
        POAcknowledged(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            acknowledged_on=today,
            acknowledged_by=tx.actor,
            supplier_reference=supplier_reference,
        ),
    )
    await tx.flush()
    _audit_move(tx, "acknowledge", order_id, before, order.status)
    return order


async def cancel_order(
    tx: Transaction, order_id: UUID, seen: int, by: Principal, reason: str
) -> PurchaseOrder:
    """Call an order off; what the supplier has, a buyer calls off, with an event; → POCancelled."""
    order = await queries.locked_order(tx, order_id, seen)
    before = order.status
    if before in BINDING and Role.BUYER not in by.roles:
        raise ForbiddenError(
            "role_required", "An order that was issued is cancelled by a buyer.", roles=["buyer"]
        )
    today = await queries.today_at(tx, order.site)
    order.cancel(tx.actor, today, reason)
    if before in BINDING:
        record(
            tx,
            order,
            POCancelled(
                order_id=order.id,
                supplier_id=order.supplier_id,
                number=order.number,
                cancelled_on=today,
                reason=reason,
                cancelled_by=tx.actor,
            ),
        )
    await tx.flush()
    _audit_move(tx, "cancel", order_id, before, order.status, reason)
    return order


async def flag_open_orders(tx: Transaction, supplier_id: UUID, flag: str | None) -> None:
    """Flag a supplier's open orders, or take their flags off (None)."""
    flagged = await statements.flag(tx, supplier_id, flag)
    for order_id in flagged:
        tx.audit("flag" if flag else "unflag", ORDER, order_id, after={"flag": flag}, reason=flag)


def _audit_move(
    tx: Transaction, action: str, order_id: UUID, before: str, after: str, reason: str | None = None
) -> None:
    tx.audit(action, ORDER, order_id, before={"status": before}, after={"status": after}, reason=reason)
