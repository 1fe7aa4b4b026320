"""Reads of shipments."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from procurement.items.rules.numbers import Sscc
from procurement.orders import queries as orders
from procurement.orders.model import PurchaseOrder
from procurement.shipments.model import Shipment, ShipmentLine, ShipmentPackage
from procurement.shipments.rules.states import ShipmentStatus
from procurement.shipments.store import WHOLE, visible_to
from purveyor.auth import Principal
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Filter, Found, Listing, between, both_ways, equal, find, numbered
from purveyor.texts import Code, Reference

SHIPMENTS = Listing(
    name="shipments",
    id=Shipment.id,
    filters=(
        numbered("SH", Shipment.serial_number),
        equal("status", ShipmentStatus, Shipment.status, "Where it stands", example="notified"),
        equal("supplier_id", UUID, Shipment.supplier_id, "Who sends it"),
        equal("site", Code, Shipment.site, "Where it travels to", example="HAM-1"),
        Filter(
            name="order_id",
            kind=UUID,
            test=lambda ids: Shipment.id.in_(
                select(ShipmentLine.shipment_id).where(ShipmentLine.order_id.in_(ids))
            ),
            description="For which order it brings something",
            several=True,
        ),
        Filter(
            name="despatch_reference",
            kind=Reference,
            test=lambda references: func.lower(Shipment.despatch_reference).in_(
                [func.lower(one) for one in references]
            ),
            description="The supplier's number of it, in whatever case",
            example="LS-88410",
            several=True,
        ),
        Filter(
            name="sscc",
            kind=Sscc,
            test=lambda numbers: Shipment.id.in_(
                select(ShipmentPackage.shipment_id).where(ShipmentPackage.sscc.in_(numbers))
            ),
            description="Of a package of it",
            example="340123450000000017",
            several=True,
        ),
        *between("expected", Day, Shipment.expected_on, "Expected on this day"),
    ),
    sorts=(
        *reversed(both_ways("id", Shipment.id)),
        *both_ways("number", Shipment.serial_number),
        *both_ways("expected_on", Shipment.expected_on, Shipment.id),
    ),
    changed=Shipment.changed_in,
)


async def shipment_for(tx: Transaction, shipment_id: UUID, by: Principal) -> Shipment:
    """Return a shipment, whole; raises NotFoundError when there is none that the caller may see."""
    wanted = visible_to(by.supplier_id).where(Shipment.id == shipment_id).options(*WHOLE)
    found = (await tx.session.scalars(wanted)).one_or_none()
    if found is None:
        raise NotFoundError("shipment", shipment_id)
    return found


async def orders_of(tx: Transaction, shipment: Shipment) -> dict[UUID, PurchaseOrder]:
    """Return the orders that a shipment brings something for, with their lines."""
    return await orders.with_lines(tx, {line.order_id for line in shipment.lines})


async def find_shipments(tx: Transaction, asked: Asked, by: Principal) -> Found[Shipment]:
    """Return a page of shipments without their lines, of those that the caller may see."""
    return await find(tx, visible_to(by.supplier_id), asked)


async def package_of(tx: Transaction, sscc: str) -> tuple[Shipment, ShipmentPackage] | None:
    """Return the package of a number that is under way, with its shipment; of several the latest."""
    wanted = (
        select(Shipment, ShipmentPackage)
        .join(ShipmentPackage, ShipmentPackage.shipment_id == Shipment.id)
        .where(ShipmentPackage.sscc == sscc, Shipment.status == ShipmentStatus.NOTIFIED)
        .order_by(Shipment.id.desc())
        .limit(1)
        .options(*WHOLE)
    )
    found = (await tx.session.execute(wanted)).first()
    return None if found is None else (found[0], found[1])
