"""Routes of shipments."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Quantity
from procurement.items.rules.numbers import Sscc
from procurement.orders.api.drafts import WRITE
from procurement.orders.api.moves import ToldReason
from procurement.orders.api.reads import READ
from procurement.orders.rules.drafts import MOST_LINES
from procurement.shipments import commands, queries
from procurement.shipments.rules.advising import Advice, AdvisedLine, Lot, Package, Packed
from procurement.shipments.views import (
    ADVICE,
    ADVISED,
    PACKAGE,
    Shipment,
    ShipmentForSupplier,
    ShipmentHeader,
    ShipmentHeaderForSupplier,
)
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code, Line, Reference
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1/shipments", tags=["shipments"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires(READ, suppliers_too=True)]
Sender = Annotated[Principal, requires(WRITE, Role.BUYER, Role.SUPPLIER)]
MOST_LOTS = 1_000
MOST_SERIALS = 5_000
MOST_PACKAGES = 5_000


class LotIn(BaseModel):
    """How much of a line is of one lot."""

    model_config = ConfigDict(extra="forbid")

    lot: Reference
    quantity: Quantity = Field(description="In the unit of the line")
    expires_on: Day | None = Field(default=None, description="The last day on which it can be used")


class AdvisedLineIn(BaseModel):
    """How much of a line of an order is sent."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ADVISED]})

    order_id: UUID
    line_number: int = Field(ge=1, le=99_999)
    schedule_number: int | None = Field(
        default=None, ge=1, le=99_999, description="The schedule of the line that it is for"
    )
    quantity: Quantity
    unit: Code | None = Field(
        default=None,
        description="UN/ECE Recommendation 20 code; the order's when left out, or one that its item converts "
        "to exactly",
    )
    lots: list[LotIn] = Field(
        default_factory=list, max_length=MOST_LOTS, description="They add up to the quantity"
    )
    serials: list[Reference] = Field(
        default_factory=list, max_length=MOST_SERIALS, description="One for each of the quantity"
    )

    def advised(self) -> AdvisedLine:
        """Return what it says."""
        return AdvisedLine(
            order_id=self.order_id,
            line_number=self.line_number,
            quantity=self.quantity,
            schedule_number=self.schedule_number,
            unit=self.unit,
            lots=tuple(Lot(**vars(lot)) for lot in self.lots),
            serials=tuple(self.serials),
        )


class PackedIn(BaseModel):
    """How much of a line of the advice is in a package."""

    model_config = ConfigDict(extra="forbid")

    order_id: UUID
    line_number: int = Field(ge=1, le=99_999)
    schedule_number: int | None = Field(default=None, ge=1, le=99_999)
    quantity: Quantity = Field(description="In the unit of the line")


class PackageIn(BaseModel):
    """A package that travels, and what is in it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PACKAGE]})

    sscc: Sscc = Field(description="Serial Shipping Container Code (GS1): 18 digits, the last one checked")
    contents: list[PackedIn] = Field(default_factory=list, max_length=MOST_LINES)

    def packed(self) -> Package:
        """Return what it says."""
        return Package(self.sscc, tuple(Packed(**vars(part)) for part in self.contents))


class ShipmentIn(BaseModel):
    """A despatch advice: goods of one supplier, for orders to one site, that travel together."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ADVICE]})

    despatch_reference: Reference = Field(description="The supplier's number of it, used once")
    shipped_on: Day
    expected_on: Day = Field(description="The last business day, at the site, that it is expected on")
    carrier: Line | None = None
    tracking: Reference | None = Field(default=None, description="The carrier's key")
    lines: list[AdvisedLineIn] = Field(min_length=1, max_length=MOST_LINES)
    packages: list[PackageIn] = Field(default_factory=list, max_length=MOST_PACKAGES)

    def advice(self) -> Advice:
        """Return what it says."""
        return Advice(
            despatch_reference=self.despatch_reference,
            shipped_on=self.shipped_on,
            expected_on=self.expected_on,
            carrier=self.carrier,
            tracking=self.tracking,
            lines=tuple(line.advised() for line in self.lines),
            packages=tuple(package.packed() for package in self.packages),
        )


class ShipmentDelay(ToldReason):
    """On which other day a shipment is expected, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "expected_on": "2026-03-19",
                    "reason": "the lorry broke down",
                    "reason_for_supplier": "your carrier told us of a delay",
                }
            ]
        }
    )

    expected_on: Day = Field(description="The last business day, at the site, that it is expected on")


class ShipmentCancellation(ToldReason):
    """Why a shipment is called back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reason": "the wrong pallet was loaded",
                    "reason_for_supplier": "you told us that it was the wrong pallet",
                }
            ]
        }
    )


@router.post("", status_code=201, summary="Notify a shipment", responses={201: carries(ETAG, LOCATION)})
async def notify_shipment(
    body: ShipmentIn, response: Response, tx: Tx, by: Sender
) -> Shipment | ShipmentForSupplier:
    """Say what was sent, as its supplier or, as a buyer, for it: a despatch advice.

    It may be for several orders of one supplier to one site. No more is announced of a line than is to come
    of it and the tolerance, over all that is under way. A despatch reference is used once by a supplier, in
    whatever case it is typed; one whose shipment was cancelled is used again.
    """
    shipment, _ = await commands.notify_shipment(tx, body.advice(), by.supplier_id)
    response.headers["Location"] = f"/v1/shipments/{shipment.id}"
    return await _shown(tx, response, shipment.id, by)


@router.get("", summary="Find shipments")
async def list_shipments(
    tx: Tx,
    by: Reader,
    asked: Annotated[Listed, listed(queries.SHIPMENTS, ShipmentHeader, ShipmentHeaderForSupplier)],
) -> Page[ShipmentHeader] | Page[ShipmentHeaderForSupplier]:
    """Find shipments, the newest first unless another order is asked for; a supplier finds its own."""
    found = await queries.find_shipments(tx, asked, by)
    if by.is_supplier:
        return asked.page(found, ShipmentHeaderForSupplier.of)
    return asked.page(found, ShipmentHeader.of)


@router.get("/{shipment_id}", summary="Read a shipment", responses={200: carries(ETAG)})
async def get_shipment(
    shipment_id: UUID, response: Response, tx: Tx, by: Reader
) -> Shipment | ShipmentForSupplier:
    """Read a shipment with its lines, its packages and how its day moved."""
    return await _shown(tx, response, shipment_id, by)


@router.post("/{shipment_id}:delay", summary="Delay a shipment", responses={200: carries(ETAG)})
async def delay_shipment(
    shipment_id: UUID, body: ShipmentDelay, response: Response, tx: Tx, by: Sender, seen: IfMatch
) -> Shipment | ShipmentForSupplier:
    """Say that a shipment is expected on another day, and why; the days of before are kept.

    What a supplier says of why is its `reason`, and shown to both sides.
    """
    await commands.delay_shipment(
        tx, shipment_id, seen, body.expected_on, body.reason, body.reason_for_supplier, by.supplier_id
    )
    return await _shown(tx, response, shipment_id, by)


@router.post("/{shipment_id}:cancel", summary="Cancel a shipment", responses={200: carries(ETAG)})
async def cancel_shipment(
    shipment_id: UUID, body: ShipmentCancellation, response: Response, tx: Tx, by: Sender, seen: IfMatch
) -> Shipment | ShipmentForSupplier:
    """Call back what is under way of a shipment; what has arrived of it stays.

    What a supplier says of why is its `reason`, and shown to both sides.
    """
    await commands.cancel_shipment(
        tx, shipment_id, seen, body.reason, body.reason_for_supplier, by.supplier_id
    )
    return await _shown(tx, response, shipment_id, by)


async def _shown(
    tx: Tx, response: Response, shipment_id: UUID, by: Principal
) -> Shipment | ShipmentForSupplier:
    shipment = await queries.shipment_for(tx, shipment_id, by)
    set_etag(response, shipment)
    orders = await queries.orders_of(tx, shipment)
    return (ShipmentForSupplier if by.is_supplier else Shipment).whole(shipment, orders)
