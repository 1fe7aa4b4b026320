"""What documents that are exchanged need: between whom, and what an order or a receipt says."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from procurement.documents.model import InboundDocument
from procurement.documents.rules.orders import issued_on
from procurement.documents.rules.ubl import ordering
from procurement.documents.rules.ubl.despatches import DespatchAdvice
from procurement.documents.rules.ubl.inbound import read
from procurement.documents.rules.ubl.names import Kind
from procurement.documents.rules.ubl.ordering import Exchange, ItemNumbers, Place
from procurement.documents.rules.ubl.parties import Address, Contact, Correspondent, of_supplier
from procurement.documents.rules.ubl.reading import Identifier
from procurement.documents.rules.ubl.receiving import (
    CANCELLED,
    ORIGINAL,
    REPLACED,
    Receipt,
    ReceivedLine,
    receipt_advice,
)
from procurement.documents.store import latest
from procurement.items.queries import items_called
from procurement.orders.model import PurchaseOrder
from procurement.orders.queries import order_for, versions_for
from procurement.orders.rules.drafts import DraftOrder
from procurement.orders.rules.states import Status
from procurement.organisation.queries import business_unit_called
from procurement.receipts.model import GoodsReceipt, GoodsReceiptLine
from procurement.receipts.queries import receipt_for
from procurement.receipts.rules.rejecting import RejectionKind
from procurement.sites.queries import site_called
from procurement.suppliers.model import Supplier
from procurement.suppliers.queries import supplier_for
from procurement.terms.queries import payment_terms_called
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, NotFoundError

UNKNOWN_PLACE = "UTC"


async def version_as_ubl(tx: Transaction, order_id: UUID, number: int, by: Principal) -> tuple[str, bytes]:
    """Return an order's number and a version of it: the first as `Order`, a later one as `OrderChange`.

    Raises NotFoundError as the order does, and InvalidError while one of both parties has no address.
    """
    order, versions = await versions_for(tx, order_id, by)
    if not 0 < number <= len(versions):
        raise NotFoundError("purchase order version", number)
    version = versions[number - 1]
    exchange, zone = await _exchange(tx, order, version.content, by)
    on = issued_on(version, zone) or version.content.ordered_on or order.created_at.date()
    if number == ordering.FIRST:
        return order.number, ordering.order(order.number, version, on, exchange)
    return order.number, ordering.order_change(order.number, version, versions[number - 2], on, exchange)


async def cancellation_as_ubl(tx: Transaction, order_id: UUID, by: Principal) -> tuple[str, bytes]:
    """Return an order's number and its cancellation; raises NotFoundError while it is not cancelled."""
    order = await order_for(tx, order_id, by)
    if order.status != Status.CANCELLED or order.cancelled_on is None or not order.current_version:
        raise NotFoundError("cancellation", order.number)
    exchange, _ = await _exchange(tx, order, order.stated(), by)
    why = order.cancellation_reason_for_supplier
    return order.number, ordering.order_cancellation(order.number, order.cancelled_on, why, exchange)


async def receipt_as_ubl(tx: Transaction, receipt_id: UUID, by: Principal) -> tuple[str, bytes]:
    """Return a receipt's number and the receipt, less what was taken back of it."""
    receipt = await receipt_for(tx, receipt_id, by)
    order = await order_for(tx, receipt.order_id, by)
    exchange, zone = await _exchange(tx, order, order.stated(), by)
    ordered = {line.line_number: line for line in order.lines}
    at = _last_said(receipt).astimezone(ZoneInfo(zone)).replace(microsecond=0)
    lines = [
        ReceivedLine(
            line_number=line.line_number,
            description=ordered[line.line_number].description,
            item=ordered[line.line_number].item,
            unit=ordered[line.line_number].unit,
            quantity=line.quantity - line.reversed_quantity,
            rejected_quantity=line.rejected_quantity - line.reversed_rejected_quantity,
            rejection_kind=None if line.rejection_kind is None else RejectionKind(line.rejection_kind),
            rejection_reason=line.rejection_reason,
            rejected_is=line.rejected_is,
        )
        for line in receipt.lines
    ]
    said = Receipt(
        number=receipt.number,
        order_number=order.number,
        received_on=receipt.received_on,
        recorded_on=at.date(),
        recorded_at=at.time(),
        despatch_reference=receipt.despatch_reference,
        state=_state(receipt.lines),
        lines=lines,
    )
    advice = await _advice(tx, receipt)
    return receipt.number, receipt_advice(said, advice, exchange)


def _last_said(receipt: GoodsReceipt) -> datetime:
    return max([receipt.received_at, *(reversal.reversed_at for reversal in receipt.reversals)])


def _state(lines: list[GoodsReceiptLine]) -> str:
    if all(not line.reversed_quantity for line in lines):
        return ORIGINAL
    return CANCELLED if all(line.reversed_quantity == line.quantity for line in lines) else REPLACED


async def _advice(tx: Transaction, receipt: GoodsReceipt) -> DespatchAdvice | None:
    """Return the despatch advice that a receipt answers, where it came in as a document."""
    if receipt.despatch_reference is None:
        return None
    found: InboundDocument | None = await latest(
        tx, Kind.DESPATCH_ADVICE, receipt.despatch_reference, receipt.supplier_id
    )
    if found is None:
        return None
    message = await asyncio.to_thread(read, found.content)
    return message if isinstance(message, DespatchAdvice) else None


async def _exchange(
    tx: Transaction, order: PurchaseOrder, content: DraftOrder, by: Principal
) -> tuple[Exchange, str]:
    """Return between whom and where an order is exchanged, and the time zone of its site."""
    supplier = await supplier_for(tx, content.supplier_id, by)
    site = await site_called(tx, content.site)
    place = Place(content.site, None, Address())
    if site is not None:
        place = Place(site.name, site.gln, Address(country=site.country, **(site.address or {})))
    terms = None if content.payment_terms is None else await payment_terms_called(tx, content.payment_terms)
    exchange = Exchange(
        buyer=await _buyer(tx, content.business_unit),
        seller=seller_of(supplier),
        place=place,
        payment_terms=None if terms is None else terms.name,
        items=await _items(tx, content),
    )
    if missing := [FieldError(*one) for one in ordering.missing(exchange)]:
        raise InvalidError(
            "not_for_exchange",
            f"The order {order.number} cannot be sent as UBL: {'; '.join(one.detail for one in missing)}.",
            errors=missing,
        )
    return exchange, UNKNOWN_PLACE if site is None else site.time_zone


async def _buyer(tx: Transaction, code: str) -> Correspondent:
    unit = await business_unit_called(tx, code)
    if unit is None:
        return Correspondent(code, None)
    letterhead: Mapping[str, Any] = unit.letterhead or {}
    electronic: Mapping[str, Any] = unit.electronic or {}
    country = letterhead.get("country")
    address = electronic.get("address")
    contact = electronic.get("contact")
    registration = _registered(electronic.get("registration"))
    return Correspondent(
        name=letterhead.get("legal_name", unit.name),
        endpoint=_registered(electronic.get("endpoint")),
        identifiers=() if registration is None else (registration,),
        registration=registration,
        tax_number=letterhead.get("tax_number"),
        address=Address(country=country, **address)
        if address
        else Address(country=country, lines=letterhead.get("address", ())),
        contact=None if contact is None else Contact(**contact),
    )


def seller_of(supplier: Supplier) -> Correspondent:
    """Return a supplier as documents name it."""
    endpoint, numbers = of_supplier((one["scheme"], one["value"]) for one in supplier.identifiers)
    return Correspondent(
        name=supplier.legal_name,
        endpoint=endpoint,
        identifiers=numbers,
        address=Address(country=supplier.country),
    )


def _registered(kept: Mapping[str, str] | None) -> Identifier | None:
    return None if kept is None else Identifier(kept["scheme"], kept["value"])


async def _items(tx: Transaction, content: DraftOrder) -> dict[tuple[str, str], ItemNumbers]:
    found = await items_called(tx, {line.item for line in content.lines})
    numbers: dict[tuple[str, str], ItemNumbers] = {}
    for item in found:
        part_number = item.makers[0]["part_number"] if len(item.makers) == 1 else None
        units = {item.base_unit: item.gtin} | {one["unit"]: one["gtin"] for one in item.conversions}
        numbers |= {(item.code, unit): ItemNumbers(gtin, part_number) for unit, gtin in units.items()}
    return numbers
