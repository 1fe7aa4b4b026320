"""An order that its supplier has is amended: the version in force is kept, and the next one ordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from procurement.categories.store import above
from procurement.items import store as items
from procurement.orders.commands import budgets, settling
from procurement.orders.commands.orders import ORDER
from procurement.orders.commands.stated import check_items_of, check_named_by, tax_rates, unknown_site
from procurement.orders.model import PurchaseOrder, amended_event, closed_event
from procurement.orders.rules import amending, permissions, states
from procurement.orders.rules.amounts import check_taxed, tax_codes
from procurement.orders.rules.drafts import DraftOrder
from procurement.orders.rules.states import Action
from procurement.orders.rules.versions import Version
from procurement.orders.store import rows, versions
from procurement.organisation import store as organisation
from procurement.sites import store as sites
from procurement.sites.store import SiteNow
from procurement.suppliers import store as suppliers
from procurement.suppliers.store import Seller
from procurement.terms import store as terms
from procurement.terms.rules.ordering import check_delivery, check_payment_terms
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor_messaging.outbox import record

NAMED = ("site", "business_unit", "cost_centre")
OF_DELIVERY = ("incoterm", "delivery_place")
"""What an order names that has to be there; an amendment names it anew where it names another."""


async def lock_to_amend(tx: Transaction, order_id: UUID) -> PurchaseOrder:
    """Lock an order that can be amended, with its lines; raises NotFoundError and ConflictError."""
    order = await rows.lock(tx, order_id)
    if order is None:
        raise NotFoundError("purchase order", order_id)
    states.next_status(Action.AMEND, order.status, held=order.held_at is not None)
    await tx.session.refresh(order, ["lines"])
    return order


async def check_amended(
    tx: Transaction, order: PurchaseOrder, content: DraftOrder, cancelled: Sequence[int]
) -> DraftOrder:
    """Return what a locked order's next version says, with how it is taxed.

    Raises InvalidError naming all that it cannot say. What was taxed stays taxed as it was; what names
    another tax code is taxed as that says today.
    """
    place = await sites.place(tx, content.site)
    if place is None:
        raise unknown_site(content.site)
    before = order.stated()
    amending.check_amended(order.lines_now(), before, content, cancelled)
    await _check_named_anew(tx, before, content, place)
    if places := amending.says_otherwise(before, content):
        known = await items.ordered(tx, {line.item for line in content.lines})
        await check_items_of(tx, replace(content, ordered_on=None), known, place.today, places)
    await settling.check_content(tx, order, content)
    return await _taxed(tx, before, content, place.today)


async def _taxed(tx: Transaction, before: DraftOrder, content: DraftOrder, today: date) -> DraftOrder:
    if [code for _, code in tax_codes(content)] == [code for _, code in tax_codes(before)]:
        return replace(content, tax_rates=before.tax_rates)
    check_taxed(content)
    kept = {one.code: one for one in before.tax_rates}
    rates = kept | {one.code: one for one in await tax_rates(tx, content, today, kept)}
    named = {code for _, code in tax_codes(content)}
    return replace(content, tax_rates=tuple(rates[code] for code in sorted(rates) if code in named))


async def _check_named_anew(tx: Transaction, before: DraftOrder, content: DraftOrder, place: SiteNow) -> None:
    """Raise InvalidError for what an amendment names otherwise and is not there today.

    A project, terms of payment and those of delivery are each looked at alone, and kept as they are where
    nothing else is said: an order of the past may name what there never was here.
    """
    anew = replace(
        content,
        ordered_on=place.today,
        project=_otherwise(before.project, content.project)
        if content.business_unit == before.business_unit
        else content.project,
        payment_terms=_otherwise(before.payment_terms, content.payment_terms),
    )
    if _differ(before, content, NAMED) or anew.project is not None:
        named = await organisation.named(tx, content.business_unit, content.cost_centre, anew.project)
        check_named_by(anew, named, place.valid_from, place.valid_to, place.today)
    if anew.payment_terms is not None:
        check_payment_terms(await terms.named(tx, anew.payment_terms), anew.payment_terms, place.today)
    if _differ(before, content, OF_DELIVERY):
        check_delivery(content.incoterm, content.delivery_place)


def _differ(before: DraftOrder, content: DraftOrder, names: Sequence[str]) -> bool:
    return any(getattr(content, name) != getattr(before, name) for name in names)


def _otherwise(before: str | None, after: str | None) -> str | None:
    return None if after == before else after


async def amend_order(
    tx: Transaction, order: PurchaseOrder, seller: Seller, version: Version, cancelled: Sequence[int]
) -> PurchaseOrder:
    """Let a locked order say what its next, approved version does; → POAmended, POClosed.

    The supplier has to be approved today for what is ordered anew; its row was locked before the order's.
    """
    states.check_not_held(order.held_at, order.hold_reason)
    before, status = order.version_in_force(), order.status
    content = version.content
    amending.check_amended(order.lines_now(), before.content, content, cancelled)
    await settling.check_content(tx, order, content)
    place = await sites.place(tx, content.site)
    if place is None:
        raise unknown_site(content.site)
    site_authors = await sites.authors_of(tx, content.site)
    permissions.check_approval_stands(version.approved_by, seller.authors, site_authors)
    permissions.check_supplier_approved(
        [line.category for line in content.lines],
        seller.standing,
        place.today,
        amending.newly_ordered(before.content, content),
        ancestors=await above(tx, {line.category for line in content.lines}),
    )
    versions.keep(tx, order, before)
    await tx.flush()
    wanted, charges = order.wanted(), await budgets.charges_of(tx, order)
    done = order.amend(version, place.today)
    await settling.settle(tx, order, wanted, place.today)
    await budgets.recommit(tx, order, charges, place.today)
    order.supplier_authors, order.site_authors = seller.authors, site_authors
    order.flag(seller.flag_reason, seller.flagged_at)
    _tell(tx, order, before.content, done, place.today, place.time_zone)
    await tx.flush()
    tx.audit(
        "amend",
        ORDER,
        order.id,
        before={"status": status, "version": before.number} | before.content.content(),
        after={"status": order.status, "version": version.number} | content.content(),
        reason=version.reason,
    )
    return order


def _tell(
    tx: Transaction, order: PurchaseOrder, before: DraftOrder, done: bool, on: date, time_zone: str
) -> None:
    record(tx, order, amended_event(order, before, on, time_zone))
    if done:
        record(tx, order, closed_event(order, on))


async def lock_seller(tx: Transaction, order_id: UUID) -> Seller:
    """Lock the supplier of an order as the order is about to be; raises NotFoundError."""
    supplier_id = await rows.supplier_of(tx, order_id)
    seller = await suppliers.lock_seller(tx, supplier_id) if supplier_id else None
    if seller is None:
        raise NotFoundError("purchase order", order_id)
    return seller
