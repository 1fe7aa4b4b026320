"""The evidence behind a supplier's figures over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.http.pages import Page, Paging
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import Money
from supplier_performance.deliveries.queries import measures_of, visible_supplier
from supplier_performance.evidence import queries
from supplier_performance.evidence.rules import Measure, figures
from supplier_performance.scorecards.asked import AskedWindow
from supplier_performance.scorecards.schemas import SupplierReference

router = APIRouter(prefix="/v1/suppliers/{supplier_id}/score", tags=["scores"], route_class=TransactionRoute)


class EventShown(BaseModel):
    """An event that a line's judgement rests on."""

    event_id: UUID
    type: str = Field(examples=["purveyor.procurement.GoodsReceived.v1"])
    sequence: int = Field(description="Its number in the order's stream", examples=[2])
    time: datetime = Field(description="When it was recorded")
    business_date: date | None = Field(description="Ordered, received or cancelled on; this is what judges")
    quantity: Decimal | None = Field(description="Received for the line, of a receipt", examples=["100"])
    rejected_quantity: Decimal | None = Field(examples=["2"])
    rejection_reason: str | None = Field(examples=["wrong thread"])


class LineShown(BaseModel):
    """A line that counts for a figure: the numerators of all lines add up to the figure's, as do the rest."""

    order_id: UUID
    order_number: str = Field(examples=["PO-000042"])
    line_number: int = Field(examples=[1])
    item: str = Field(examples=["M8-HEX-40"])
    category: str = Field(examples=["fasteners"])
    site: str = Field(examples=["HAM"])
    business_unit: str = Field(examples=["BU-1"])
    ordered_quantity: Decimal = Field(examples=["100"])
    unit: str = Field(description="UN/ECE Recommendation 20", examples=["C62"])
    ordered_on: date | None
    promised_on: date
    judged_on: date = Field(description="The day asked for, or today at the line's site")
    due: bool
    on_time: bool
    in_full: bool
    days_late: int = Field(description="Negative when early; of an open line, until the day of judgement")
    arrived_on: date | None = Field(description="When what had arrived reached what was ordered")
    cancelled_on: date | None
    received_quantity: Decimal = Field(examples=["100"])
    rejected_quantity: Decimal = Field(examples=["2"])
    value: Money = Field(description="Of what was received")
    numerator: Decimal = Field(description="What the line adds to the figure's numerator", examples=["1"])
    denominator: Decimal | None = Field(description="What it adds to the denominator", examples=["1"])
    events: list[EventShown]

    @classmethod
    def of(cls, evidence: queries.LineEvidence) -> Self:
        """Show a line with its events."""
        line = dict(evidence.line)
        events = [EventShown(time=event["recorded_at"], **dict(event)) for event in evidence.events]
        value = Money(amount=line.pop("value"), currency=line["currency"])
        return cls(value=value, events=events, **line)


class FigureShown(BaseModel):
    """A figure and its two sums over all of its lines: value = numerator ÷ denominator, in its unit."""

    model_config = ConfigDict(from_attributes=True)

    value: Decimal | None = Field(examples=["92.00"])
    numerator: Decimal = Field(examples=["92"])
    denominator: Decimal | None = Field(description="Null for amounts, which are sums", examples=["100"])
    currency: str | None = Field(description="Of an amount", examples=[None])


class EvidencePage(Page[LineShown]):
    """A page of the lines behind a figure, with the figure."""

    supplier: SupplierReference
    measure: Measure
    figures: list[FigureShown] = Field(description="One; for spend one a currency")
    window_from: date
    window_to: date
    as_of: date


@router.get("/evidence", summary="The lines and events behind a figure")
async def list_score_evidence(
    supplier_id: UUID,
    by: Annotated[Principal, requires("performance:scores:read")],
    tx: Tx,
    page: Paging,
    asked: AskedWindow,
    measure: Annotated[Measure, Query(description="The figure to account for")],
) -> EvidencePage:
    """List every order line that counts for a figure, by promised date, with the events it was judged by."""
    supplier = await visible_supplier(tx, by, supplier_id)
    measures = await measures_of(tx, asked.question, supplier_id)
    rows = await queries.evidence(tx, asked.question, supplier_id, measure, page)
    lines = page.of(rows, queries.ORDER, lambda row: row.key, LineShown.of)
    return EvidencePage(
        supplier=SupplierReference.of(supplier),
        measure=measure,
        figures=[FigureShown.model_validate(figure) for figure in figures(measures, measure)],
        window_from=asked.question.window.first,
        window_to=asked.question.window.last,
        as_of=asked.as_of,
        items=lines.items,
        next_cursor=lines.next_cursor,
    )
