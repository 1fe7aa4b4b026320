"""An order from its draft until it is done: what its own people do with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from procurement.items import store as items
from procurement.items.queries import ITEMS_REQUIRED
from procurement.items.rules.ordering import Known, check_items
from procurement.orders.commands import blankets
from procurement.orders.model import PurchaseOrder, cancelled_event, issued_event
from procurement.orders.rules import drafts, permissions, states
from procurement.orders.rules.amounts import check_amounts, check_taxed, tax_codes
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
from procurement.organisation.rules import Named, check_named
from procurement.periods import why_not_valid
from procurement.sites import store as sites
from procurement.suppliers import store as suppliers
from procurement.taxes import store as taxes
from procurement.taxes.rules import TaxRate, rates_on
from procurement.terms import store as terms
from procurement.terms.rules.ordering import NamedTerms, check_delivery, check_payment_terms
from purveyor import policies
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import (
    FieldError,
    InvalidError,
    NotFoundError,
    PreconditionFailedError,
    ProblemError,
)
from purveyor.policies import Place
from purveyor.sql import by_name
from purveyor.versions import Seen, expect_version
from purveyor_contract.roles import Role
from purveyor_messaging.outbox import record, record_numbered

ORDER = "purchase_order"


async def create_order(tx: Transaction, draft: DraftOrder) -> tuple[OrderState, DraftOrder, list[Decimal]]:
    """Write a draft, ordered today at the site unless it says when.

    Returns it, what it says with how it is taxed, and its lines' amounts.
    """
    amounts = _checked_amounts(draft)
    created = await rows.insert(tx, draft, amounts, status=INITIAL)
    if created is None:
        known = await suppliers.lock_seller(tx, draft.supplier_id) is not None
        raise unknown_site(draft.site) if known else _unknown_supplier(draft.supplier_id)
    _check_dates(draft, created.today)
    check_named_by(draft, created.named, created.site_from, created.site_to, created.today)
    check_terms_of(draft, created.terms, created.today)
    await _check_items(tx, draft, created.items, created.today)
    if {code for _, code in tax_codes(draft) if code} != {one.code for one in created.tax_rates}:
        await tax_rates(tx, draft, draft.ordered_on or created.today)
    draft = replace(draft, tax_rates=created.tax_rates) if created.tax_rates else draft
    tx.audit("create", ORDER, created.order.id, after=draft.content())
    return created.order, draft, amounts


async def change_order(tx: Transaction, order_id: UUID, seen: Seen, draft: DraftOrder) -> PurchaseOrder:
    """Replace what a draft says, header and lines."""
    amounts = _checked_amounts(draft)
    seller = await suppliers.lock_seller(tx, draft.supplier_id)
    order = await locked(tx, order_id, seen)
    states.next_status(Action.CHANGE, order.status, held=order.held_at is not None)
    blankets.expect_no_call_off(order)
    if seller is None:
        raise _unknown_supplier(draft.supplier_id)
    place = await sites.place(tx, draft.site)
    if place is None:
        raise unknown_site(draft.site)
    _check_dates(draft, place.today)
    named = await organisation.named(tx, draft.business_unit, draft.cost_centre, draft.project)
    check_named_by(draft, named, place.valid_from, place.valid_to, place.today)
    check_terms_of(draft, await terms.named(tx, draft.payment_terms), place.today)
    known = await items.ordered(tx, {line.item for line in draft.lines})
    await _check_items(tx, draft, known, place.today)
    draft = replace(draft, tax_rates=await tax_rates(tx, draft, draft.ordered_on or place.today))
    await tx.session.refresh(order, ["lines"])
    before = order.stated().content()
    order.restate(draft, draft.ordered_on or place.today, amounts)
    order.note_author(tx.actor)
    order.flag(seller.flag_reason, seller.flagged_at)
    flag_modified(order, "status")  # lines alone may have changed, and the ETag speaks for them too
    await tx.flush()
    tx.audit("change", ORDER, order.id, before=before, after=draft.content())
    return order


async def submit_order(tx: Transaction, order_id: UUID, seen: Seen) -> OrderState:
    """Hand a draft in for approval."""
    submitted = await moves.submit(tx, order_id, seen, move(Action.SUBMIT))
    if submitted is None:
        raise await _refusal(tx, order_id, seen, Action.SUBMIT)
    _audit_move(tx, Action.SUBMIT, order_id, Status.DRAFT, submitted.status)
    return submitted


async def approve_order(tx: Transaction, order_id: UUID, seen: Seen) -> OrderState:
    """Approve a submitted order; nobody may who wrote any of it, or has made its supplier what it is."""
    approved = await moves.approve(tx, order_id, seen, move(Action.APPROVE))
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
        permissions.check_approval_stands(parts.approved_by, parts.supplier_authors)
        raise refusal
    permissions.check_supplier_approved(
        [line.category for line in issued.content.lines],
        issued.supplier_status,
        issued.status_reason,
        issued.approvals,
        issued.today,
    )
    await blankets.check_may_be_issued(tx, issued.order.blanket_order_id, issued.today)
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
    wanted = order.wanted()
    called_off = order.cancel(tx.actor, today, reason, told)
    await blankets.settle(tx, order, wanted)
    if before in BINDING:
        record(tx, order, cancelled_event(order, today, reason, told, tx.actor, called_off))
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
    if action == Action.ISSUE:
        states.check_not_held(order.held_at, order.hold_reason)
    return PreconditionFailedError(
        "changed_meanwhile", "It was being changed: read it again, then decide again."
    )


def _checked_amounts(draft: DraftOrder) -> list[Decimal]:
    """Return what a draft's lines come to; raises InvalidError for what they and it cannot say of amounts."""
    amounts = drafts.order_amounts(draft)
    drafts.check_lines(draft.lines, amounts)
    check_amounts(draft, amounts)
    check_taxed(draft)
    return amounts


async def tax_rates(
    tx: Transaction, content: DraftOrder, day: date, kept: Collection[str] = ()
) -> tuple[TaxRate, ...]:
    """Return how the tax codes that an order names tax it on a day, but for those that are kept as they were.

    Raises InvalidError for those that do not. An order that names none asks nobody.
    """
    named = [(pointer, code) for pointer, code in tax_codes(content) if code and code not in kept]
    return rates_on(day, named, await taxes.known(tx, {code for _, code in named})) if named else ()


def _check_dates(draft: DraftOrder, today: date) -> None:
    drafts.check_dates(draft.ordered_on or today, draft.lines, today)
    drafts.check_currency(draft.currency, draft.ordered_on or today)


def check_named_by(
    draft: DraftOrder, named: Named, site_from: date | None, site_to: date | None, today: date
) -> None:
    """Raise InvalidError for what is not there on the order's day."""
    day = draft.ordered_on or today
    check_named(named, draft.business_unit, draft.cost_centre, day, draft.project)
    if why := why_not_valid(site_from, site_to, day):
        raise InvalidError(
            "site_not_valid", f"The site {draft.site} {why}.", errors=[FieldError("/site", why)]
        )


def check_terms_of(draft: DraftOrder, named: NamedTerms, today: date) -> None:
    """Raise InvalidError for terms of payment or delivery that an order cannot have on its day."""
    check_payment_terms(named, draft.payment_terms, draft.ordered_on or today)
    check_delivery(draft.incoterm, draft.delivery_place)


async def _check_items(tx: Transaction, draft: DraftOrder, known: Mapping[str, Known], today: date) -> None:
    """Raise InvalidError for lines that say of their items what is not so on the order's day."""
    day = draft.ordered_on or today
    policy = await policies.history(tx, ITEMS_REQUIRED)
    required = {
        category: policy.in_force(
            day, Place(category=category, business_unit=draft.business_unit)
        ).value.items_required
        for category in {line.category for line in draft.lines}
    }
    check_items(draft.lines, known, day, required)


def _unknown_supplier(supplier_id: UUID) -> InvalidError:
    return InvalidError(
        "supplier_unknown",
        f"Supplier {supplier_id} is not known here: not registered, or its registration is on its way.",
        errors=[FieldError("/supplier_id", "not a known supplier")],
    )


def unknown_site(code: str) -> InvalidError:
    """Return that there is no such site."""
    return InvalidError(
        "site_unknown",
        f"No site {code} exists; PUT /v1/sites/{code} creates it.",
        errors=[FieldError("/site", "not a known site")],
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
