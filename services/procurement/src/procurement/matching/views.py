"""How an invoice is matched, as HTTP shows it: to our own people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.invoices.model import SupplierInvoice
from procurement.invoices.rules.states import InvoiceStatus
from procurement.matching.model import InvoiceException, InvoiceLineMatch
from procurement.matching.rules.assigning import Sign
from procurement.matching.rules.exceptions import ExceptionKind, Resolution
from purveyor_contract.roles import Role

EXCEPTION: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-0000000000f1",
    "invoice_id": "0199c0de-0000-7000-8000-0000000000e1",
    "position": 1,
    "kind": "quantity_against_received",
    "detail": "2 C62 are invoiced with it, and 1 have come: 1 more.",
    "expected": "1",
    "found": "2",
    "owner_role": "buyer",
    "owner": "bea",
    "due_on": "2026-03-08",
    "found_at": "2026-03-03T08:15:01Z",
    "is_open": True,
    "resolution": "wait",
    "reason": "the rest is on its way",
    "resolved_by": "bea",
    "resolved_at": "2026-03-03T09:00:00Z",
    "gone_at": None,
}
LINE: dict[str, Any] = {
    "position": 1,
    "order_id": "0199c0de-0000-7000-8000-0000000000a1",
    "line_number": 1,
    "confidence": 100,
    "signs": ["reference", "item", "price"],
    "assigned_by": None,
    "quantity": "2",
    "net_amount": "5.00",
    "price_variance": "0.00",
    "counts": False,
}


class MatchException(BaseModel):
    """What keeps an invoice from being matched: why, who solves it until when, and how that was."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [EXCEPTION]})

    id: UUID
    invoice_id: UUID
    position: int | None = Field(description="The line of the invoice; null: all of it")
    kind: ExceptionKind
    detail: str = Field(description="What is not as it should be")
    expected: Decimal | None
    found: Decimal | None
    owner_role: Role = Field(description="Who may accept it")
    owner: str | None = Field(description="Who issued the order, where that is a buyer's")
    due_on: date
    found_at: datetime
    is_open: bool
    resolution: Resolution | None
    reason: str | None
    resolved_by: str | None
    resolved_at: datetime | None
    gone_at: datetime | None = Field(description="Since when it is gone by itself")


class LineMatch(BaseModel):
    """The line of an order that a line of an invoice is for."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [LINE]})

    position: int
    order_id: UUID
    line_number: int
    confidence: int = Field(ge=0, le=100, description="How sure that is, in percent")
    signs: list[Sign] = Field(description="By what it was recognised")
    assigned_by: str | None = Field(description="Who assigned it, where a person did")
    quantity: Decimal | None = Field(
        description="In the unit of the order's line; below zero: taken back; null: its unit does not convert"
    )
    net_amount: Decimal
    price_variance: Decimal | None = Field(
        description="How much more it charges than at the order's price; below zero: less"
    )
    counts: bool = Field(description="Whether it counts as invoiced")


class InvoiceMatch(BaseModel):
    """How an invoice is matched, and what keeps it from that."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "invoice_id": EXCEPTION["invoice_id"],
                    "status": "matching",
                    "lines": [LINE],
                    "exceptions": [EXCEPTION],
                }
            ]
        }
    )

    invoice_id: UUID
    status: InvoiceStatus
    lines: list[LineMatch]
    exceptions: list[MatchException]

    @classmethod
    def of(
        cls,
        invoice: SupplierInvoice,
        lines: Iterable[InvoiceLineMatch],
        exceptions: Iterable[InvoiceException],
    ) -> Self:
        """Show how an invoice is matched."""
        return cls(
            invoice_id=invoice.id,
            status=InvoiceStatus(invoice.status),
            lines=[LineMatch.model_validate(one) for one in lines],
            exceptions=[MatchException.model_validate(one) for one in exceptions],
        )
