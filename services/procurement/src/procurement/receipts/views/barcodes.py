"""What was read at the dock, and what it may be for."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from procurement.receipts.model import Matching, Scan
from procurement.receipts.rules.barcodes import SEPARATOR, SHOWN_SEPARATOR
from purveyor.texts import Code, TextKind

MOST_BARCODES = 20
READS_AS_ELEMENTS = re.compile(rf"(\][A-Za-z][0-9])?{SEPARATOR}?[0-9]{{2}}")
SCANNED: dict[str, Any] = {
    "barcodes": ["(01)14006381333938(10)L-2231(17)280331(30)4"],
    "site": "HAM-1",
    "supplier_id": None,
}
READ: dict[str, Any] = {
    "elements": [
        {"ai": "01", "value": "14006381333938"},
        {"ai": "10", "value": "L-2231"},
        {"ai": "17", "value": "280331"},
        {"ai": "30", "value": "4"},
    ],
    "gtin": "14006381333938",
    "sscc": None,
    "lot": "L-2231",
    "serial": None,
    "expires_on": "2028-03-31",
    "count": "4",
    "net_weight": None,
    "item": "M8-HEX-40",
    "unit": "XBX",
    "shipment_id": None,
    "despatch_reference": None,
    "lines": [
        {
            "order_id": "0199c0de-0000-7000-8000-0000000000a1",
            "order_number": "PO-000042",
            "supplier_id": "0199c0de-0000-7000-8000-000000000001",
            "site": "HAM-1",
            "description": "Hexagon bolt M8 × 40, zinc plated",
            "open_quantity": "120",
            "unit": "C62",
            "promised_on": "2026-03-20",
            "receive": {
                "line_number": 1,
                "quantity": "4",
                "unit": "XBX",
                "schedule_number": None,
                "lots": [{"lot": "L-2231", "quantity": "4", "expires_on": "2028-03-31"}],
                "serials": [],
            },
        }
    ],
}


def _separated(text: Any) -> Any:
    """Let the separator be seen: what scanners send for FNC1 is a sign that no text holds.

    What does not begin as element strings do is left as it is, and refused as any text with such a sign.
    """
    if isinstance(text, str) and READS_AS_ELEMENTS.match(text):
        return text.replace(SEPARATOR, SHOWN_SEPARATOR)
    return text


Barcode = Annotated[str, TextKind(500), BeforeValidator(_separated)]
"""What a scanner read, with `␝` (or the sign of control GS) for FNC1."""


class BarcodesIn(BaseModel):
    """All barcodes of one package, as they were read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SCANNED]})

    barcodes: list[Barcode] = Field(
        min_length=1,
        max_length=MOST_BARCODES,
        description="GS1 element strings, with `␝` for FNC1 behind what is of variable length, or with their "
        "application identifiers in brackets; an identifier of the symbology may stand before",
        examples=[SCANNED["barcodes"]],
    )
    site: Code | None = Field(default=None, description="Only lines to this site", examples=["HAM-1"])
    supplier_id: UUID | None = Field(default=None, description="Only lines of this supplier", examples=[None])


class BarcodeElement(BaseModel):
    """An application identifier, and what stands behind it."""

    model_config = ConfigDict(from_attributes=True)

    ai: str = Field(examples=["01"])
    value: str = Field(examples=["14006381333938"])


class LotRead(BaseModel):
    """The lot that was read, as a receipt's line names it."""

    model_config = ConfigDict(from_attributes=True)

    lot: str
    quantity: Decimal
    expires_on: date | None


class LineRead(BaseModel):
    """A receipt's line, as it would be posted of what was read."""

    line_number: int
    quantity: Decimal
    unit: str
    schedule_number: int | None
    lots: list[LotRead]
    serials: list[str]


class MatchingLine(BaseModel):
    """A line of an order that waits for what was read."""

    order_id: UUID
    order_number: str
    supplier_id: UUID
    site: str
    description: str
    open_quantity: Decimal = Field(description="Still to come, in the order's unit")
    unit: str = Field(description="The order's")
    promised_on: date
    receive: LineRead = Field(description="A line of `POST /v1/purchase-orders/{order_id}/receipts`")

    @classmethod
    def of(cls, found: Matching) -> MatchingLine:
        """Show a line, and how it would be received."""
        order, line, receive = found.order, found.line, found.receive
        return cls(
            order_id=order.id,
            order_number=order.number,
            supplier_id=order.supplier_id,
            site=order.site,
            description=line.description,
            open_quantity=line.open_quantity,
            unit=line.unit,
            promised_on=line.promised_on,
            receive=LineRead(
                line_number=line.line_number,
                quantity=receive.quantity,
                unit=receive.stated_unit or line.unit,
                schedule_number=receive.schedule_number,
                lots=[LotRead.model_validate(lot) for lot in receive.lots],
                serials=list(receive.serials),
            ),
        )


class BarcodesRead(BaseModel):
    """What barcodes say, what they stand on, and the open lines that it may be for."""

    model_config = ConfigDict(json_schema_extra={"examples": [READ]})

    elements: list[BarcodeElement] = Field(description="All that was read, with what is not used here")
    gtin: str | None = Field(description="Of the package (01), or of what is in a logistic unit (02)")
    sscc: str | None
    lot: str | None
    serial: str | None
    expires_on: date | None = Field(description="From 17, or else 15")
    count: Decimal | None = Field(description="From 30 or 37; null: one")
    net_weight: Decimal | None = Field(description="In kilograms, from 310n")
    item: str | None = Field(description="On which the GTIN stands; null where nobody has said so")
    unit: str | None = Field(description="The unit of the item that it stands on")
    shipment_id: UUID | None = Field(
        description="That brings the package of the SSCC, as its supplier said; null where none is under way"
    )
    despatch_reference: str | None = Field(description="What its supplier calls that shipment")
    lines: list[MatchingLine] = Field(
        description="The earliest promised first, 100 at most; without a GTIN, what is to be in the package"
    )

    @classmethod
    def of(cls, scan: Scan) -> BarcodesRead:
        """Show what was read."""
        read, scanned = scan.read, scan.scanned
        return cls(
            elements=[BarcodeElement.model_validate(element) for element in read.elements],
            **{name: getattr(read, name) for name in SAID},
            item=scanned.code if scanned else None,
            unit=scanned.unit if scanned else None,
            shipment_id=scan.shipment.id if scan.shipment else None,
            despatch_reference=scan.shipment.despatch_reference if scan.shipment else None,
            lines=[MatchingLine.of(one) for one in scan.matching],
        )


SAID = ("gtin", "sscc", "lot", "serial", "expires_on", "count", "net_weight")
