"""Routes of goods receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.rules.drafts import MOST_LINES
from procurement.receipts import commands, queries
from procurement.receipts.imports import StatedReceipt, import_receipts, propose_receipts
from procurement.receipts.model import receipt_number
from procurement.receipts.rules.arriving import Arrival, ArrivedLine
from procurement.receipts.views import (
    ARRIVAL,
    BarcodesIn,
    BarcodesRead,
    HeldRule,
    LineToReverse,
    PastLine,
    Receipt,
    ReceiptForSupplier,
    ReceiptLine,
    ReceiptWarning,
    RecordedLine,
    RecordedLot,
    RecordedReceipt,
)
from purveyor.auth import Principal, requires
from purveyor.bulk import BulkOutcome, SetCommand
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import ProblemError
from purveyor.http import bulk
from purveyor.http.headers import LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.proposals import ProposalId, imports_on
from purveyor.http.rows import Document
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.imported import MAIN, ImportKey, SourceKey, SourceSystem
from purveyor.pages import Page
from purveyor.texts import Line, Reference
from purveyor_contract.roles import Role

router = APIRouter(tags=["goods receipts"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:receipts:read", suppliers_too=True)]


class ReceiptIn(BaseModel):
    """Goods of one order that arrived together."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ARRIVAL]})

    received_on: Day | None = Field(default=None, description="Business day; today at the site when left out")
    despatch_reference: Reference | None = Field(
        default=None, description="The supplier's despatch advice number"
    )
    shipment_id: UUID | None = Field(
        default=None,
        description="The shipment that they came with; left out, the one that the supplier has notified for "
        "this order under the despatch reference, if it has",
    )
    another_delivery: bool = Field(
        default=False,
        description="Whether these are other goods than the order has received under the same despatch "
        "reference before: a despatch in several deliveries. Otherwise such a reference is refused (409). "
        "Without one, what was received just so on the same day is.",
    )
    lines: list[ReceiptLine] = Field(min_length=1, max_length=MOST_LINES)


class ReversalIn(BaseModel):
    """What of a receipt never came, or not so, and why that was thought."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "reversed_on": "2026-03-19",
                    "reason": "another delivery was counted",
                    "reason_for_supplier": "we had counted another delivery",
                    "lines": [{"line_number": 1, "quantity": "300"}],
                }
            ]
        },
    )

    reversed_on: Day | None = Field(default=None, description="Business day; today at the site when left out")
    reason: Line
    reason_for_supplier: Line | None = Field(
        default=None,
        description="What the supplier is told, in its answers and events; nothing when left out",
    )
    lines: list[LineToReverse] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_LINES,
        description="All that is left of the receipt when left out",
    )


class ImportedReceipt(Document):
    """A receipt of the past: one a line of the request (NDJSON), or each of its lines one (CSV)."""

    known_by: ClassVar[tuple[str, ...]] = (
        "source_system",
        "order_external_reference",
        "external_reference",
    )

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"external_reference": "5000098765", "order_external_reference": "4500012345"} | ARRIVAL
            ]
        },
    )

    source_system: SourceSystem = MAIN
    external_reference: Reference = Field(description="Its key in the system it comes from")
    order_external_reference: Reference = Field(description="Its order's key in the system that it is of")
    order_source_system: SourceSystem | None = Field(
        default=None, description="The system that its order is of; the same when left out", examples=["erp"]
    )
    received_on: Day
    despatch_reference: Reference | None = None
    lines: list[PastLine] = Field(min_length=1, max_length=MOST_LINES)

    def stated(self) -> StatedReceipt:
        """Return the receipt with its key."""
        lines = tuple(line.arrived() for line in self.lines)
        return StatedReceipt(
            ImportKey(SourceKey(self.source_system, self.external_reference), self, FORMERLY_WRITTEN),
            SourceKey(self.order_source_system or self.source_system, self.order_external_reference),
            Arrival(self.received_on, self.despatch_reference, lines),
        )


FORMERLY_WRITTEN = frozenset({"despatch_reference", "rejected_quantity", "rejection_reason"})
"""Fields of a receipt whose defaults were part of its digest once."""


@router.post(
    "/v1/purchase-orders/{order_id}/receipts",
    status_code=201,
    summary="Receive goods",
    responses={201: carries(LOCATION)},
)
async def receive_goods(
    order_id: UUID,
    body: ReceiptIn,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires("procurement:receipts:write", Role.RECEIVER)],
) -> RecordedReceipt:
    """Record goods that arrived for an order; the last of them closes it.

    Neither who created the order nor who issued it may, and never more than ordered plus the tolerance: that
    of the policy `over-receipt` or the item, and the answer names the rule that held. A despatch reference is
    received once for an order, unless `another_delivery` says that other goods came, or the policy
    `delivery-notes` only warns of it; without one, the same quantities of the same lines are once a day.
    """
    lines = tuple(line.arrived() for line in body.lines)
    received = await commands.receive_goods(
        tx,
        order_id,
        body.received_on,
        body.despatch_reference,
        lines,
        shipment_id=body.shipment_id,
        another_delivery=body.another_delivery,
    )
    response.headers["Location"] = f"/v1/goods-receipts/{received.id}"
    return RecordedReceipt(
        id=received.id,
        number=receipt_number(received.serial_number),
        order_id=order_id,
        supplier_id=received.supplier_id,
        received_on=received.arrival.received_on,
        despatch_reference=received.arrival.despatch_reference,
        shipment_id=received.arrival.shipment_id,
        received_by=tx.actor,
        received_at=tx.now,
        imported=False,
        external_reference=None,
        source_system=MAIN,
        lines=[_recorded(line) for line in sorted(received.arrival.lines, key=lambda line: line.line_number)],
        reversals=[],
        order_status=received.order_status,
        warnings=[ReceiptWarning(**asdict(warned)) for warned in received.warnings],
    )


SHOWN = (
    "cancelled_quantity",
    "schedule_number",
    "stated_unit",
    "stated_quantity",
    "stated_rejected_quantity",
)


def _recorded(line: ArrivedLine) -> RecordedLine:
    judged = {name: getattr(line, name) for name in ("over_receipt", "under_receipt")}
    return RecordedLine(
        **{name: getattr(line, name) for name in PastLine.model_fields},
        **{name: getattr(line, name) for name in SHOWN},
        lots=[RecordedLot.model_validate(lot) for lot in sorted(line.lots, key=lambda lot: lot.lot)],
        serials=sorted(line.serials),
        rejected_serials=sorted(line.rejected_serials),
        tolerance_version=line.tolerance_version,
        **{name: rule and HeldRule(**rule.content()) for name, rule in judged.items()},
    )


@router.post("/v1/goods-receipts:read-barcode", summary="Read a GS1 barcode at the dock")
async def read_goods_barcode(
    body: BarcodesIn, tx: Tx, by: Annotated[Principal, requires("procurement:receipts:read")]
) -> BarcodesRead:
    """Say what all barcodes of one package say together, and which open lines it may be for.

    Nothing is received: each line is shown as a receipt would name it (`receive`), in the unit that the GTIN
    stands on, to be posted by who knows which it is for. What is not known of a GTIN is null; a wrong check
    digit is refused.
    """
    scan = await queries.read_barcode(tx, body.barcodes, site=body.site, supplier_id=body.supplier_id)
    return BarcodesRead.of(scan)


@router.post("/v1/goods-receipts/{receipt_id}:reverse", summary="Take a goods receipt back")
async def reverse_goods_receipt(
    receipt_id: UUID,
    body: ReversalIn,
    tx: Tx,
    by: Annotated[Principal, requires("procurement:receipts:write", Role.RECEIVER)],
) -> RecordedReceipt:
    """Book a counter-entry for a receipt, or for some of it, of goods that never came, or not so.

    The receipt stays as it is. Its order is as if the goods had never come: it is open again when they had
    completed it, also when it was closed. Of a line that was called off they are not wanted any more either.
    Who may not receive an order's goods does not take them back.
    """
    lines = tuple(line.reversed() for line in body.lines) if body.lines is not None else None
    receipt, order_status = await commands.reverse_receipt(
        tx, receipt_id, body.reversed_on, lines, body.reason, body.reason_for_supplier
    )
    shown = Receipt.model_validate(receipt)
    return RecordedReceipt(**shown.model_dump(), order_status=order_status)


def taking(proposal: UUID | None) -> SetCommand[ImportedReceipt]:
    """Return what takes receipts: into a proposal, or for good."""

    async def take(tx: Transaction, receipts: Sequence[ImportedReceipt]) -> list[BulkOutcome | ProblemError]:
        stated = [receipt.stated() for receipt in receipts]
        return await (propose_receipts(tx, proposal, stated) if proposal else import_receipts(tx, stated))

    return take


IMPORT = bulk.Kind("import-goods-receipts", ImportedReceipt, many=taking)


@router.post(
    "/v1/goods-receipts:import",
    summary="Import receipts of the past",
    dependencies=[Depends(imports_on)],
    **bulk.route(IMPORT),
)
async def import_goods_receipts(
    by: Annotated[Principal, requires("procurement:import", Role.ADMIN)],
    rows: bulk.Bulk,
    proposal: ProposalId = None,
) -> Response:
    """Import receipts against imported orders: NDJSON, a receipt a line, or CSV, a line of one a row.

    The same again changes nothing. With a proposal they are only looked at and added to it, as orders are.
    """
    return await rows.take(IMPORT, proposal)


@router.get("/v1/goods-receipts", summary="Find goods receipts")
async def list_goods_receipts(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(queries.RECEIPTS, Receipt, ReceiptForSupplier)]
) -> Page[Receipt] | Page[ReceiptForSupplier]:
    """Find receipts, the newest first unless another order is asked for."""
    found = await queries.find_receipts(tx, asked, by)
    if by.is_supplier:
        return asked.page(found, ReceiptForSupplier.model_validate)
    return asked.page(found, Receipt.model_validate)


@router.get("/v1/goods-receipts/{receipt_id}", summary="Read a goods receipt")
async def get_goods_receipt(receipt_id: UUID, tx: Tx, by: Reader) -> Receipt | ReceiptForSupplier:
    """Read a receipt with its lines."""
    receipt = await queries.receipt_for(tx, receipt_id, by)
    return (ReceiptForSupplier if by.is_supplier else Receipt).model_validate(receipt)
