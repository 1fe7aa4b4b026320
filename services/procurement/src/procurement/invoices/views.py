"""Invoices as HTTP shows them, to us and to their supplier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.invoices.model import SupplierInvoice
from procurement.invoices.rules.states import InvoiceStatus, allowed_actions
from procurement.invoices.rules.terms import Syntax
from purveyor.money import Money

ID = "0199c0de-0000-7000-8000-0000000000e1"
VIOLATION: dict[str, Any] = {
    "rule": "PEPPOL-EN16931-R120",
    "term": "BT-131",
    "value": "26.00",
    "detail": "Quantity × price, its charges and allowances come to 25.00.",
    "at": "/lines/0",
}
ADJUSTMENT: dict[str, Any] = {
    "is_charge": True,
    "amount": "12.50",
    "base_amount": None,
    "percent": None,
    "reason": "freight",
    "reason_code": "FC",
    "tax_category": "S",
    "tax_rate": "19",
}
TAX: dict[str, Any] = {"category": "S", "rate": "19", "taxable_amount": "25.00", "tax_amount": "4.75"}
LINE: dict[str, Any] = {
    "position": 1,
    "number": "1",
    "quantity": "10",
    "unit": "C62",
    "net_amount": "25.00",
    "price": "2.50",
    "base_quantity": None,
    "tax_category": "S",
    "tax_rate": "19",
    "name": "Hexagon bolt M8 × 40",
    "description": None,
    "buyers_item": "M8-HEX-40",
    "sellers_item": None,
    "standard_item": None,
    "order_number": "PO-000042",
    "order_line": "1",
    "despatch_advice": None,
    "adjustments": [],
}
HEADER_FOR_SUPPLIER: dict[str, Any] = {
    "id": ID,
    "number": "R-2026-117",
    "is_credit_note": False,
    "status": "checked",
    "issued_on": "2026-03-03",
    "due_on": "2026-04-02",
    "order_number": "PO-000042",
    "net": {"amount": "25.00", "currency": "EUR"},
    "tax": {"amount": "4.75", "currency": "EUR"},
    "gross": {"amount": "29.75", "currency": "EUR"},
    "payable": {"amount": "29.75", "currency": "EUR"},
    "credited": {"amount": "0.00", "currency": "EUR"},
    "preceding_number": None,
    "syntax": "ubl",
    "received_at": "2026-03-03T08:15:00Z",
    "rejected_at": None,
    "rejection_reason_for_supplier": None,
}
OURS: dict[str, Any] = {
    "our_number": "IN-000042",
    "supplier_id": "0199c0de-0000-7000-8000-000000000001",
    "sender_id": None,
    "preceding_id": None,
    "possible_duplicates": [],
    "received_by": "aline",
    "approved_by": None,
    "approved_at": None,
    "rejected_by": None,
    "rejection_reason": None,
    "allowed_actions": ["reject"],
}
WHOLE: dict[str, Any] = {
    "type_code": "380",
    "buyer_reference": None,
    "payment_terms": None,
    "prepaid": None,
    "rounding": None,
    "taxes": [TAX],
    "adjustments": [],
    "violations": [],
    "lines": [LINE],
}


class RuleBroken(BaseModel):
    """A rule that an invoice breaks, and where."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [VIOLATION]})

    rule: str = Field(description="Its identifier in EN 16931 or Peppol BIS Billing 3.0")
    term: str = Field(description="The business term that breaks it (BT-…)")
    value: str | None = Field(description="What that says; null: nothing")
    detail: str = Field(description="What would be right")
    at: str = Field(description="A JSON pointer to the line or part; empty: the whole invoice")


class InvoiceAdjustment(BaseModel):
    """An allowance or a charge of an invoice, as it came."""

    model_config = ConfigDict(json_schema_extra={"examples": [ADJUSTMENT]})

    is_charge: bool
    amount: Decimal | None
    base_amount: Decimal | None = Field(description="What the percentage is of")
    percent: Decimal | None
    reason: str | None
    reason_code: str | None = Field(description="UNCL5189 of an allowance, UNCL7161 of a charge")
    tax_category: str | None = Field(description="UNCL5305; null on a line, which is taxed as it is")
    tax_rate: Decimal | None

    @classmethod
    def of(cls, said: Any) -> Self:
        """Show an allowance or a charge."""
        taxed = said.category
        names = cls.model_fields.keys() - {"tax_category", "tax_rate"}
        return cls(
            **{name: getattr(said, name) for name in names},
            tax_category=taxed.code if taxed else None,
            tax_rate=taxed.rate if taxed else None,
        )


class InvoiceTax(BaseModel):
    """The tax on everything that is taxed alike, as the invoice says it (BG-23)."""

    model_config = ConfigDict(json_schema_extra={"examples": [TAX]})

    category: str | None = Field(description="UNCL5305, as EN 16931 has them")
    rate: Decimal | None = Field(description="In percent")
    taxable_amount: Decimal | None
    tax_amount: Decimal | None


class InvoiceLine(BaseModel):
    """A line of an invoice, as it came."""

    model_config = ConfigDict(json_schema_extra={"examples": [LINE]})

    position: int = Field(ge=1, description="Its place, from 1 on")
    number: str | None = Field(description="What the supplier numbers it (BT-126)")
    quantity: Decimal = Field(description="BT-129")
    unit: str | None = Field(description="UN/ECE Recommendation 20 code (BT-130)")
    net_amount: Decimal = Field(description="BT-131")
    price: Decimal | None = Field(description="Per `base_quantity` (BT-146)")
    base_quantity: Decimal | None = Field(description="Null: one (BT-149)")
    tax_category: str | None = Field(description="BT-151")
    tax_rate: Decimal | None = Field(description="In percent (BT-152)")
    name: str | None = Field(description="BT-153")
    description: str | None = Field(description="BT-154")
    buyers_item: str | None = Field(description="Our number of the item (BT-156)")
    sellers_item: str | None = Field(description="The supplier's (BT-155)")
    standard_item: str | None = Field(description="One in a scheme, such as a GTIN (BT-157)")
    order_number: str | None = Field(description="The order of this line, where it names one")
    order_line: str | None = Field(description="The line of the order (BT-132)")
    despatch_advice: str | None = Field(description="The despatch advice that it came with")
    adjustments: list[InvoiceAdjustment]

    @classmethod
    def of(cls, line: Any) -> Self:
        """Show a line."""
        names = cls.model_fields.keys() - {"adjustments"}
        adjustments = [InvoiceAdjustment.of(one) for one in line.adjustments]
        return cls(**{name: getattr(line, name) for name in names}, adjustments=adjustments)


class InvoiceHeaderForSupplier(BaseModel):
    """An invoice without its lines, as its supplier sees it; what is added here, suppliers learn."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER_FOR_SUPPLIER]})

    id: UUID
    number: str = Field(description="What its supplier calls it by (BT-1)")
    is_credit_note: bool
    status: InvoiceStatus
    issued_on: date
    due_on: date | None = Field(description="By when it says that it is to be paid")
    order_number: str | None = Field(description="The order that it names (BT-13)")
    net: Money = Field(description="Without tax")
    tax: Money
    gross: Money = Field(description="With tax")
    payable: Money = Field(description="What it says is due, with its rounding")
    credited: Money = Field(description="What credit notes have taken back of it, with tax")
    preceding_number: str | None = Field(description="Of a credit note, the invoice that it takes back from")
    syntax: Syntax = Field(description="In which form it came")
    received_at: datetime
    rejected_at: datetime | None
    rejection_reason_for_supplier: str | None = Field(description="What the supplier is told of why")

    @classmethod
    def of(cls, invoice: SupplierInvoice) -> Self:
        """Show an invoice."""
        return cls(**{name: shown(invoice, name) for name in cls.model_fields})


MONEY = frozenset({"net", "tax", "gross", "payable", "credited"})


def shown(invoice: SupplierInvoice, name: str) -> Any:
    """Return what is shown of an invoice under a name."""
    if name in MONEY:
        return Money(amount=getattr(invoice, name), currency=invoice.currency)
    return PARTS[name](invoice) if name in PARTS else getattr(invoice, name)


def _taxes(invoice: SupplierInvoice) -> list[InvoiceTax]:
    return [
        InvoiceTax(
            category=one.category.code if one.category else None,
            rate=one.category.rate if one.category else None,
            taxable_amount=one.taxable_amount,
            tax_amount=one.tax_amount,
        )
        for one in invoice.breakdown
    ]


PARTS: Mapping[str, Callable[[SupplierInvoice], Any]] = {
    "allowed_actions": lambda invoice: allowed_actions(invoice.status),
    "taxes": _taxes,
    "adjustments": lambda invoice: [InvoiceAdjustment.of(one) for one in invoice.adjustments],
    "violations": lambda invoice: [RuleBroken.model_validate(one) for one in invoice.violations],
    "lines": lambda invoice: [InvoiceLine.of(line) for line in invoice.lines],
}


class InvoiceHeader(InvoiceHeaderForSupplier):
    """An invoice without its lines."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER_FOR_SUPPLIER | OURS]})

    our_number: str = Field(description="What our people call it by")
    supplier_id: UUID
    sender_id: UUID | None = Field(description="The supplier whose token sent it; null when our people did")
    preceding_id: UUID | None = Field(description="Of a credit note, the invoice, where it is known here")
    possible_duplicates: list[UUID] = Field(
        description="Invoices of the supplier over the same amount, of about the same time or of its order"
    )
    received_by: str
    approved_by: str | None
    approved_at: datetime | None
    rejected_by: str | None
    rejection_reason: str | None
    allowed_actions: list[str] = Field(description="What somebody can decide of it as it stands")


class InvoiceForSupplier(InvoiceHeaderForSupplier):
    """An invoice as its supplier sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER_FOR_SUPPLIER | WHOLE]})

    type_code: str | None = Field(description="UNCL1001 (BT-3)")
    buyer_reference: str | None = Field(description="BT-10")
    payment_terms: str | None = Field(description="As the supplier words them (BT-20)")
    prepaid: Decimal | None = Field(description="BT-113")
    rounding: Decimal | None = Field(description="As it came, never made (BT-114)")
    taxes: list[InvoiceTax]
    adjustments: list[InvoiceAdjustment]
    violations: list[RuleBroken]
    lines: list[InvoiceLine]


class Invoice(InvoiceForSupplier, InvoiceHeader):
    """An invoice or a credit note."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER_FOR_SUPPLIER | OURS | WHOLE]})
