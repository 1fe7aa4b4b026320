"""How evidence is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.money import Money
from purveyor.pages import Page
from supplier_performance.deliveries.rules import Measure
from supplier_performance.deliveries.store.evidence import JudgedLine, LineEvent
from supplier_performance.suppliers.views import SupplierReference


class LineEventShown(BaseModel):
    """An event that a line's judgement rests on."""

    event_id: UUID
    type: str = Field(examples=["purveyor.procurement.GoodsReceived.v1"])
    sequence: int = Field(description="Its number in the order's stream", examples=[2])
    time: datetime = Field(description="When it was recorded")
    business_date: date | None = Field(description="Ordered, received or cancelled on; this is what judges")
    quantity: Decimal | None = Field(description="Received for the line, of a receipt", examples=["100"])
    rejected_quantity: Decimal | None = Field(examples=["2"])
    rejection_reason: str | None = Field(examples=["wrong thread"])


class LineForSupplier(BaseModel):
    """A line that counts for a figure, as its supplier sees it; what is added here, suppliers learn.

    The numerators of all lines add up to the figure's, as do the rest; of rejected ppm over several units
    those of one unit, and the values and rejected values of one currency.
    """

    order_id: UUID
    order_number: str = Field(examples=["PO-000042"])
    line_number: int = Field(examples=[1])
    schedule_number: int | None = Field(
        description="Of a line that is needed in parts, the part; each is judged by itself", examples=[None]
    )
    item: str = Field(examples=["M8-HEX-40"])
    category: str = Field(examples=["fasteners"])
    site: str = Field(examples=["HAM"])
    business_unit: str = Field(examples=["BU-1"])
    ordered_quantity: Decimal = Field(examples=["100"])
    unit: str = Field(description="UN/ECE Recommendation 20", examples=["C62"])
    ordered_on: date | None
    promised_on: date = Field(
        description="The day that counts: the first promise that the buyer agreed with, or what the buyer "
        "moved it to; needed, before either"
    )
    need_by: date = Field(description="By when the version in force needs it")
    first_promised_on: date | None = Field(description="What the supplier promised first")
    last_promised_on: date | None = Field(
        description="What is promised now; a supplier's own move excuses nothing"
    )
    judged_on: date = Field(description="The day asked for, or today at the line's site")
    due: bool
    on_time: bool
    in_full: bool
    days_late: int = Field(description="Negative when early; of an open line, until the day of judgement")
    arrived_on: date | None = Field(description="When what had arrived reached what was ordered")
    cancelled_on: date | None
    received_quantity: Decimal = Field(examples=["100"])
    rejected_quantity: Decimal = Field(examples=["2"])
    value: Money = Field(
        description="Of what was received: its price, and its share of what the line takes off and puts on"
    )
    rejected_value: Decimal = Field(
        description="value × rejected ÷ received, six decimals: what it adds to rejected ppm over units",
        examples=["0.500000"],
    )
    spend: Money = Field(description="Of what was accepted, in the same way")
    numerator: Decimal = Field(description="What the line adds to the figure's numerator", examples=["1"])
    denominator: Decimal | None = Field(description="What it adds to the denominator", examples=["1"])
    events: list[LineEventShown]

    @classmethod
    def of(cls, line: JudgedLine, events: Sequence[LineEvent]) -> Self:
        """Show a line with its events."""
        worth = {
            "value": Money(amount=line.value, currency=line.currency),
            "spend": Money(amount=line.spend, currency=line.currency),
        }
        shown = asdict(line) | worth
        told = {name: shown[name] for name in cls.model_fields if name != "events"}
        return cls(
            events=[LineEventShown(time=event.recorded_at, **asdict(event)) for event in events], **told
        )


class LineShown(LineForSupplier):
    """A line that counts for a figure: what it adds to the figure's sums, or to those of its unit."""

    on_time_version: int = Field(
        description="Of the policy `on-time`, which said until when it was on time", examples=[1]
    )


class FigureShown(BaseModel):
    """A figure and its two sums over all of its lines: value = numerator ÷ denominator, in its unit."""

    model_config = ConfigDict(from_attributes=True)

    value: Decimal | None = Field(examples=["92.00"])
    numerator: Decimal = Field(examples=["92"])
    denominator: Decimal | None = Field(description="Null for amounts, which are sums", examples=["100"])
    currency: str | None = Field(description="Of an amount, or of the values that weigh", examples=[None])
    unit: str | None = Field(description="Of rejected ppm: of which unit of measure", examples=[None])


class Account(BaseModel):
    """The figure that lines account for."""

    supplier: SupplierReference
    measure: Measure
    figures: list[FigureShown] = Field(
        description="One; of spend one a currency; of rejected ppm one a unit of measure, and of several "
        "then one a currency (the lines' values and rejected values) and, of several, the mean by lines"
    )
    window_from: date
    window_to: date
    as_of: date


class EvidencePage(Account, Page[LineShown]):
    """A page of the lines behind a figure, with the figure."""


class EvidencePageForSupplier(Account, Page[LineForSupplier]):
    """A page of the lines behind a figure, with the figure, as the supplier sees it."""
