"""Routes of goods receipts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Quantity, QuantityOrZero, Reference, Text
from procurement.orders.rules import Status
from procurement.orders.schemas import MOST_LINES
from procurement.receipts import commands, queries
from procurement.receipts.imports import import_receipt
from procurement.receipts.model import GoodsReceipt, receipt_number
from procurement.receipts.queries import NEWEST_FIRST
from procurement.receipts.rules import ArrivedLine
from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.http import bulk
from purveyor.http.imports import ImportKey
from purveyor.http.pages import Page, Paging
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor_contract.roles import Role

router = APIRouter(tags=["goods receipts"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:receipts:read")]
LINE: dict[str, Any] = {
    "line_number": 1,
    "quantity": "1500",
    "rejected_quantity": "20",
    "rejection_reason": "thread damaged",
}
ARRIVAL: dict[str, Any] = {"received_on": "2026-03-18", "despatch_reference": "LS-88410", "lines": [LINE]}


RECEIPT: dict[str, Any] = ARRIVAL | {
    "id": "0199c0de-0000-7000-8000-0000000000b1",
    "number": "GR-000042",
    "order_id": "0199c0de-0000-7000-8000-0000000000a1",
    "supplier_id": "0199c0de-0000-7000-8000-000000000001",
    "received_by": "rita",
    "received_at": "2026-03-18T13:40:00Z",
    "imported": False,
    "external_reference": None,
}


class ReceiptLine(BaseModel):
    """What arrived of an order line, and what of it was rejected."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    line_number: int = Field(ge=1, le=99_999)
    quantity: Quantity = Field(description="What arrived, whether accepted or not")
    rejected_quantity: QuantityOrZero = Decimal(0)
    rejection_reason: Text | None = Field(default=None, description="Needed when something was rejected")

    def arrived(self) -> ArrivedLine:
        """Return what arrived."""
        return ArrivedLine(self.line_number, self.quantity, self.rejected_quantity, self.rejection_reason)


class ReceiptIn(BaseModel):
    """Goods of one order that arrived together."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ARRIVAL]})

    received_on: date | None = Field(
        default=None, description="Business day; today at the site when left out"
    )
    despatch_reference: Reference | None = Field(
        default=None, description="The supplier's despatch advice number"
    )
    lines: list[ReceiptLine] = Field(min_length=1, max_length=MOST_LINES)


class ImportedReceipt(BaseModel):
    """A receipt of the past; one a line of the request (NDJSON)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"external_reference": "5000098765", "order_external_reference": "4500012345"} | ARRIVAL
            ]
        },
    )

    external_reference: Reference = Field(description="Its key in the system it comes from")
    order_external_reference: Reference
    received_on: date
    despatch_reference: Reference | None = None
    lines: list[ReceiptLine] = Field(min_length=1, max_length=MOST_LINES)


FORMERLY_WRITTEN = frozenset({"despatch_reference", "rejected_quantity", "rejection_reason"})
"""Fields of a receipt whose defaults were part of its digest once."""


class Receipt(BaseModel):
    """A goods receipt; once recorded it never changes."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={"examples": [RECEIPT]},
    )

    id: UUID
    number: str
    order_id: UUID
    supplier_id: UUID
    received_on: date
    despatch_reference: str | None
    received_by: str
    received_at: datetime
    imported: bool
    external_reference: str | None
    lines: list[ReceiptLine]


class RecordedReceipt(Receipt):
    """A receipt just recorded, and where the order stands with it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [RECEIPT | {"order_status": "partially_received"}]}
    )

    order_status: Status


def _show(receipt: GoodsReceipt) -> Receipt:
    return Receipt.model_validate(receipt)


@router.post("/v1/purchase-orders/{order_id}/receipts", status_code=201, summary="Receive goods")
async def receive_goods(
    order_id: UUID,
    body: ReceiptIn,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires("procurement:receipts:write", Role.RECEIVER)],
) -> RecordedReceipt:
    """Record goods that arrived for an order; the last of them closes it.

    Neither who created the order nor who issued it may, and never more than ordered plus the tolerance.
    """
    lines = tuple(line.arrived() for line in body.lines)
    received = await commands.receive_goods(tx, order_id, body.received_on, body.despatch_reference, lines)
    response.headers["Location"] = f"/v1/goods-receipts/{received.id}"
    return RecordedReceipt(
        id=received.id,
        number=receipt_number(received.serial_number),
        order_id=order_id,
        supplier_id=received.supplier_id,
        received_on=received.arrival.received_on,
        despatch_reference=body.despatch_reference,
        received_by=tx.actor,
        received_at=tx.now,
        imported=False,
        external_reference=None,
        lines=sorted(body.lines, key=lambda line: line.line_number),
        order_status=received.order_status,
    )


@router.post(
    "/v1/goods-receipts:import", summary="Import receipts of the past", **bulk.route(ImportedReceipt)
)
async def import_receipts(
    by: Annotated[Principal, requires("procurement:import", Role.ADMIN)], rows: bulk.Bulk
) -> Response:
    """Import receipts against imported orders: NDJSON, a receipt a line. The same again changes nothing."""

    async def import_row(tx: Transaction, row: ImportedReceipt) -> bulk.BulkOutcome:
        key = ImportKey(row.external_reference, row, FORMERLY_WRITTEN)
        lines = tuple(line.arrived() for line in row.lines)
        return await import_receipt(
            tx, row.order_external_reference, row.received_on, row.despatch_reference, lines, key
        )

    return await rows.answer(ImportedReceipt, import_row)


@router.get("/v1/goods-receipts", summary="Find goods receipts")
async def find_receipts(
    tx: Tx,
    by: Reader,
    page: Paging,
    order_id: UUID | None = None,
    supplier_id: UUID | None = None,
    external_reference: Annotated[Reference | None, Query()] = None,
) -> Page[Receipt]:
    """Find receipts, newest first."""
    found = await queries.find_receipts(tx, order_id, supplier_id, external_reference, page, by)
    return page.of(found, NEWEST_FIRST.name, lambda receipt: (receipt.id,), _show)


@router.get("/v1/goods-receipts/{receipt_id}", summary="Read a goods receipt")
async def read_receipt(receipt_id: UUID, tx: Tx, by: Reader) -> Receipt:
    """Read a receipt with its lines."""
    return _show(await queries.receipt_for(tx, receipt_id, by))
