"""What documents need of an order and of what it names."""

from __future__ import annotations

from uuid import UUID

from procurement.documents.rules.orders import Letterhead, Named
from procurement.orders.queries import version_for
from procurement.orders.rules.versions import Version
from procurement.organisation.queries import business_unit_called
from procurement.sites.queries import site_called
from procurement.suppliers.queries import supplier_for
from procurement.terms.queries import payment_terms_called
from purveyor.auth import Principal
from purveyor.db import Transaction


async def version_and_names(
    tx: Transaction, order_id: UUID, number: int, by: Principal
) -> tuple[str, Version, Named]:
    """Return an order's number, a version of it and what it names; raises NotFoundError as the order does."""
    order, version = await version_for(tx, order_id, number, by)
    content = version.content
    supplier = await supplier_for(tx, content.supplier_id, by)
    site = await site_called(tx, content.site)
    named = Named(
        buyer=await _letterhead(tx, content.business_unit),
        supplier=supplier.legal_name,
        supplier_number=supplier.number,
        supplier_country=supplier.country,
        site=content.site,
        site_name=content.site if site is None else site.name,
        site_country=None if site is None else site.country,
        time_zone="UTC" if site is None else site.time_zone,
        payment_terms=await _payment_terms(tx, content.payment_terms),
    )
    return order.number, version, named


async def _payment_terms(tx: Transaction, code: str | None) -> str | None:
    terms = None if code is None else await payment_terms_called(tx, code)
    return None if terms is None else terms.name


async def _letterhead(tx: Transaction, code: str) -> Letterhead:
    unit = await business_unit_called(tx, code)
    if unit is None or unit.letterhead is None:
        return Letterhead(code if unit is None else unit.name)
    return Letterhead(**unit.letterhead)
