"""An order from its draft until it is done: what its own people do with it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from procurement.approving.queries import APPROVING
from procurement.approving.rules import expect_no_steps
from procurement.items import store as items
from procurement.orders.commands import approving, blankets, budgets, settling
from procurement.orders.commands.stated import (
    check_dates_of,
    check_items_of,
    check_named_by,
    check_terms_of,
    checked_amounts,
    tax_rates,
    unknown_site,
    unknown_supplier,
)
from procurement.orders.model import PurchaseOrder, cancelled_event, issued_event
from procurement.orders.rules import permissions, states
from procurement.orders.rules.amounts import tax_codes
from procurement.orders.rules.drafts import DraftOrder
from procurement.orders.rules.states import (
    BINDING,
    INITIAL,
    OPEN,
    Action,
    OrderState,
    Status,
    move,
)
from procurement.orders.store import moves, rows
from procurement.organisation import store as organisation
from procurement.sites import store as sites
from procurement.suppliers import store as suppliers
from procurement.suppliers.rules import check_goes_on
from procurement.terms import store as terms
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError, PreconditionFailedError, ProblemError
from purveyor.sql import by_name
from purveyor.versions import Seen, expect_version
from purveyor_approvals import commands as approvals
from purveyor_contract.roles import Role
from purveyor_messaging.outbox import record, record_numbered

ORDER = "purchase_order"


async def create_order(tx: Transaction, draft: DraftOrder) -> tuple[OrderState, DraftOrder, list[Decimal]]:
    """Write a draft, ordered today at the site unless it says when.

    Returns it, what it says with how it is taxed, and its lines' amounts.
    """
    amounts = checked_amounts(draft)
    created = await rows.insert(tx, draft, amounts, status=INITIAL)
    if created is None:
        known = await suppliers.lock_seller(tx, draft.supplier_id) is not None
        raise unknown_site(draft.site) if known else unknown_supplier(draft.supplier_id)
    check_goes_on(created.supplier_status, created.status_reason)
    check_dates_of(draft, created.today)
    check_named_by(draft, created.named, created.site_from, created.site_to, created.today)
    check_terms_of(draft, created.terms, created.today)
    await check_items_of(tx, draft, created.items, created.today)
    if {code for _, code in tax_codes(draft) if code} != {one.code for one in created.tax_rates}:
        await tax_rates(tx, draft, draft.ordered_on or created.today)
    draft = replace(draft, tax_rates=created.tax_rates) if created.tax_rates else draft
    tx.audit("create", ORDER, created.order.id, after=draft.content())
    return created.order, draft, amounts


async def change_order(tx: Transaction, order_id: UUID, seen: Seen, draft: DraftOrder) -> PurchaseOrder:
    """Replace what a draft says, header and lines."""
    amounts = checked_amounts(draft)
    seller = await suppliers.lock_seller(tx, draft.supplier_id)
    order = await locked(tx, order_id, seen)
    states.next_status(Action.CHANGE, order.status, held=order.held_at is not None)
    blankets.expect_no_call_off(order)
    if seller is None:
        raise unknown_supplier(draft.supplier_id)
    check_goes_on(seller.status, seller.status_reason)
    place = await sites.place(tx, draft.site)
    if place is None:
        raise unknown_site(draft.site)
    check_dates_of(draft, place.today)
    named = await organisation.named(tx, draft.business_unit, draft.cost_centre, draft.project)
    check_named_by(draft, named, place.valid_from, place.valid_to, place.today)
    check_terms_of(draft, await terms.named(tx, draft.payment_terms), place.today)
    known = await items.ordered(tx, {line.item for line in draft.lines})
    await check_items_of(tx, draft, known, place.today)
    draft = replace(draft, tax_rates=await tax_rates(tx, draft, draft.ordered_on or place.today))
    await tx.session.refresh(order, ["lines"])
    await settling.check_content(tx, order, draft)
    before, wanted = order.stated().content(), order.wanted()
    order.restate(draft, draft.ordered_on or place.today, amounts)
    order.note_author(tx.actor)
    order.flag(seller.flag_reason, seller.flagged_at)
    flag_modified(order, "status")  # lines alone may have changed, and the ETag speaks for them too
    await tx.flush()
    await settling.settle(tx, order, wanted)
    tx.audit("change", ORDER, order.id, before=before, after=draft.content())
    return order


async def submit_order(tx: Transaction, order_id: UUID, seen: Seen) -> OrderState | PurchaseOrder:
    """Hand a draft in for approval, by those whom the policy asks, or by another than its authors."""
    submitted = await moves.submit(tx, order_id, seen, move(Action.SUBMIT))
    if submitted is None:
        raise await _refusal(tx, order_id, seen, Action.SUBMIT)
    _audit_move(tx, Action.SUBMIT, order_id, Status.DRAFT, submitted.status)
    return await approving.ask_for_approval(tx, submitted)


async def approve_order(tx: Transaction, order_id: UUID, seen: Seen) -> OrderState:
    """Approve a submitted order; nobody may who wrote any of it, or has made its supplier what it is."""
    approved = await moves.approve(tx, order_id, seen, move(Action.APPROVE), tx.actor)
    if approved is None:
        refusal = await _refusal(tx, order_id, seen, Action.APPROVE)
        permissions.check_approver(tx.actor, by_name(await moves.parts(tx, order_id)))
        raise refusal
    _audit_move(tx, Action.APPROVE, order_id, Status.SUBMITTED, approved.status)
    return approved


async def return_order(tx: Transaction, order_id: UUID, seen: Seen, reason: str) -> PurchaseOrder:
    """Give an order back to its author as a draft."""
    order = await locked(tx, order_id, seen)
    before = order.status
    order.take_back()
    await tx.flush()
    await approvals.withdraw(tx, APPROVING, approving.KIND, order_id, reason)
    _audit_move(tx, Action.RETURN, order_id, before, order.status, reason)
    return order


async def issue_order(tx: Transaction, order_id: UUID, seen: Seen) -> OrderState:
    """Make an order binding, if its supplier is approved for every line's category today; → POIssued.

    Not one whose approver has changed who its supplier is, before that was heard of or since.
    """
    issued = await moves.issue(tx, order_id, seen, move(Action.ISSUE))
    if issued is None:
        refusal = await _refusal(tx, order_id, seen, Action.ISSUE)
        parts = await moves.parts(tx, order_id)
        permissions.check_approval_stands(parts.approved_by, parts.supplier_authors, parts.site_authors)
        raise refusal
    permissions.check_supplier_approved(
        [line.category for line in issued.content.lines],
        issued.standing,
        issued.today,
        ancestors=issued.ancestors,
    )
    await blankets.check_may_be_issued(tx, issued.order.blanket_order_id, issued.today)
    await budgets.commit_issued(tx, issued)
    event = issued_event(issued.order, issued.content, issued.amounts, tx.actor, issued.time_zone)
    record_numbered(tx, event, issued.order.sequence)
    _audit_move(tx, Action.ISSUE, order_id, Status.APPROVED, issued.order.status)
    return issued.order


async def cancel_order(
    tx: Transaction, order_id: UUID, seen: Seen, by: Principal, reason: str, told: str | None
) -> PurchaseOrder:
    """Call an order off: a buyer any, with an event once it is issued, others their own; → POCancelled."""
    order = await locked(tx, order_id, seen)
    before = order.status
    states.next_status(Action.CANCEL, before, held=order.held_at is not None)
    if Role.BUYER not in by.roles:
        permissions.check_requester_cancels(tx.actor, order.created_by, before)
    today = await sites.business_day(tx, order.site)
    await tx.session.refresh(order, ["lines"])
    wanted, charges = order.wanted(), await budgets.charges_of(tx, order)
    called_off = order.cancel(tx.actor, today, reason, told)
    if before in BINDING:
        record(tx, order, cancelled_event(order, today, reason, told, tx.actor, called_off))
    await approvals.forget(tx, APPROVING, approving.KIND, order_id, reason)
    await settling.settle(tx, order, wanted)
    await budgets.recommit(tx, order, charges, today)
    await tx.flush()
    _audit_move(tx, Action.CANCEL, order_id, before, order.status, reason, reason_for_supplier=told)
    return order


async def flag_open_orders(tx: Transaction, supplier_id: UUID) -> None:
    """Give a supplier's open orders the flag of its standing now, or take it off."""
    for order in await rows.flag(tx, supplier_id, OPEN):
        reason = order.flag_reason
        tx.audit("flag" if reason else "unflag", ORDER, order.id, after={"flag": reason}, reason=reason)


async def locked(
    tx: Transaction, order_id: UUID, seen: Seen, supplier_id: UUID | None = None
) -> PurchaseOrder:
    """Lock an order; raises NotFoundError, or PreconditionFailedError unless it is as the caller saw it."""
    order = await rows.lock(tx, order_id, supplier_id)
    if order is None:
        raise NotFoundError("purchase order", order_id)
    expect_version(order, seen)
    return order


async def _refusal(tx: Transaction, order_id: UUID, seen: Seen, action: Action) -> ProblemError:
    """Return why a statement of the hot path changed nothing, as the rules see the order now."""
    order = await locked(tx, order_id, seen)
    held = order.held_at is not None
    states.next_status(action, order.status, held=held)
    if action == Action.APPROVE:
        expect_no_steps(order.awaits_approval)
    if action == Action.ISSUE:
        states.check_not_held(order.held_at, order.hold_reason)
    return PreconditionFailedError(
        "changed_meanwhile", "It was being changed: read it again, then decide again."
    )


def _audit_move(
    tx: Transaction,
    action: Action,
    order_id: UUID,
    before: str,
    after: str,
    reason: str | None = None,
    **more: str | None,
) -> None:
    tx.audit(
        action, ORDER, order_id, before={"status": before}, after={"status": after} | more, reason=reason
    )
