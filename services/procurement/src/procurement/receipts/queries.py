"""Reads of goods receipts, and the policy that they are judged by."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, select

from procurement.items import store as items
from procurement.orders import queries as orders
from procurement.receipts.model import GoodsReceipt, GoodsReceiptLot, GoodsReceiptSerial, Matching, Scan
from procurement.receipts.rules.arriving import ArrivedLine
from procurement.receipts.rules.barcodes import as_arrived, read_barcodes
from procurement.receipts.rules.duties import ReceivingDuties
from procurement.receipts.rules.notes import DeliveryNotes
from procurement.receipts.rules.rejecting import RejectedGoods
from procurement.receipts.rules.tracking import RemainingLife
from procurement.shipments import queries as shipments
from procurement.shipments.model import Shipment, ShipmentPackage
from purveyor.auth import Principal
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import (
    Asked,
    Filter,
    Found,
    Listing,
    between,
    both_ways,
    equal,
    find,
    numbered,
    whether,
)
from purveyor.policies import DIMENSIONS, Policy
from purveyor.texts import Code, Reference

MOST_MATCHING = 100
"""Lines that a barcode is answered with, the most urgent first."""

RECEIVING_DUTIES = Policy(
    "receiving-duties",
    ReceivingDuties,
    "Whether who approved an order, or its supplier, may receive its goods; the day it is recorded decides",
    frozenset({"business_unit"}),
)
REJECTED_GOODS = Policy(
    "rejected-goods",
    RejectedGoods,
    "Whether rejected goods are owed again, where their receipt does not say; the day they arrive decides",
    frozenset(DIMENSIONS),
)
REMAINING_LIFE = Policy(
    "remaining-life",
    RemainingLife,
    "Whether goods that cannot be used for as long as their item asks are refused or warned of; the day they "
    "arrive decides",
    frozenset(DIMENSIONS),
)
DELIVERY_NOTES = Policy(
    "delivery-notes",
    DeliveryNotes,
    "Whether a delivery note that was received before is refused or warned of; the day goods arrive decides",
    frozenset({"supplier_id", "site", "business_unit"}),
)


def _of_orders(name: str, what: str, example: str, *, ours: bool = False) -> Filter:
    return Filter(
        name=name,
        kind=Code,
        test=lambda values: orders.of_orders(GoodsReceipt.order_id, name, values),
        description=what,
        example=example,
        several=True,
        ours=ours,
    )


RECEIPTS = Listing(
    name="receipts",
    id=GoodsReceipt.id,
    filters=(
        numbered("GR", GoodsReceipt.serial_number),
        equal("order_id", UUID, GoodsReceipt.order_id, "Of which order goods came"),
        equal("supplier_id", UUID, GoodsReceipt.supplier_id, "From whom they came"),
        _of_orders("site", "Where they came", "HAM-1"),
        _of_orders("business_unit", "Whose order it was", "drives"),
        _of_orders("cost_centre", "Which pays for it", "4711", ours=True),
        *between("received", Day, GoodsReceipt.received_on, "Received on this day"),
        whether("imported", GoodsReceipt.imported, "Whether it comes from another system", ours=True),
        equal("despatch_reference", Reference, GoodsReceipt.despatch_reference, "The supplier's key of it"),
        equal("shipment_id", UUID, GoodsReceipt.shipment_id, "With which shipment they came"),
        Filter(
            name="lot",
            kind=Reference,
            test=lambda lots: GoodsReceipt.id.in_(
                select(GoodsReceiptLot.receipt_id).where(GoodsReceiptLot.lot.in_(lots))
            ),
            description="Goods of this lot",
            example="L-2231",
            several=True,
        ),
        Filter(
            name="serial",
            kind=Reference,
            test=lambda serials: GoodsReceipt.id.in_(
                select(GoodsReceiptSerial.receipt_id).where(GoodsReceiptSerial.serial.in_(serials))
            ),
            description="Goods with this serial number",
            example="SN-000417",
            several=True,
        ),
        equal(
            "source_system",
            Code,
            GoodsReceipt.source_system,
            "Whose `external_reference`s to look among",
            ours=True,
        ),
        equal(
            "external_reference", Reference, GoodsReceipt.external_reference, "Its key elsewhere", ours=True
        ),
    ),
    sorts=(
        *reversed(both_ways("id", GoodsReceipt.id)),
        *both_ways("number", GoodsReceipt.serial_number),
        *both_ways("received_on", GoodsReceipt.received_on, GoodsReceipt.id),
    ),
    changed=GoodsReceipt.changed_in,
)


async def receipt_for(tx: Transaction, receipt_id: UUID, by: Principal) -> GoodsReceipt:
    """Return a receipt with its lines; raises NotFoundError when there is none that the caller may see."""
    found = await tx.session.scalars(visible_to(by).where(GoodsReceipt.id == receipt_id))
    receipt = found.one_or_none()
    if receipt is None:
        raise NotFoundError("goods receipt", receipt_id)
    return receipt


async def find_receipts(tx: Transaction, asked: Asked, by: Principal) -> Found[GoodsReceipt]:
    """Return a page of receipts with their lines, of those that the caller may see."""
    return await find(tx, visible_to(by), asked)


def visible_to(by: Principal) -> Select[GoodsReceipt]:
    """Select what a caller may see: a supplier sees receipts of its own goods."""
    statement = select(GoodsReceipt)
    return (
        statement if by.supplier_id is None else statement.where(GoodsReceipt.supplier_id == by.supplier_id)
    )


async def read_barcode(
    tx: Transaction, barcodes: Sequence[str], *, site: str | None, supplier_id: UUID | None
) -> Scan:
    """Return what barcodes of one package say, and which open lines it may be for; nothing is received."""
    read = read_barcodes(barcodes, tx.day)
    packed = await shipments.package_of(tx, read.sscc) if read.sscc is not None else None
    shipment = packed[0] if packed else None
    scanned = await items.scanned(tx, read.gtin) if read.gtin is not None else None
    if scanned is None:
        inside = await _inside(tx, *packed) if packed and read.gtin is None else ()
        return Scan(read, None, inside, shipment)
    lines = await orders.open_lines_of(
        tx, scanned.code, site=site, supplier_id=supplier_id, most=MOST_MATCHING
    )
    matching = [Matching(order, line, as_arrived(read, scanned, line.line_number)) for order, line in lines]
    return Scan(read, scanned, matching, shipment)


async def _inside(tx: Transaction, shipment: Shipment, package: ShipmentPackage) -> list[Matching]:
    """Return what its supplier says is in a package, as it would be received."""
    found = await orders.with_lines(tx, {line.order_id for line in shipment.lines})
    units = {
        (line.order_id, line.line_number, line.schedule_number): line.stated_unit for line in shipment.lines
    }
    inside = []
    for part in package.contents:
        order, number, schedule = found[UUID(part["order_id"])], part["line_number"], part["schedule_number"]
        arrived = ArrivedLine(
            number,
            Decimal(part["quantity"]),
            Decimal(0),
            None,
            stated_unit=units[order.id, number, schedule],
            schedule_number=schedule,
        )
        inside.append(Matching(order, order.line(number), arrived))
    return inside
