"""An invoice as it is stated field by field, from paper or by another program."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import FITTING, Percent
from procurement.invoices.rules.terms import (
    Adjustment,
    Breakdown,
    Category,
    Invoice,
    Known,
    Line,
    Preceding,
    Syntax,
    TaxTotal,
)
from procurement.orders.rules.drafts import MOST_LINES
from purveyor.days import Day
from purveyor.decimals import AS_WRITTEN
from purveyor.money import CurrencyCode
from purveyor.texts import Code, Prose, Reference
from purveyor.texts import Line as Text

Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=6), FITTING, AS_WRITTEN]
"""An amount as it was written, which may be below zero."""
TAX: dict[str, Any] = {"category": "S", "rate": "19", "taxable_amount": "25.00", "tax_amount": "4.75"}
LINE: dict[str, Any] = {
    "quantity": "10",
    "unit": "C62",
    "price": "2.50",
    "net_amount": "25.00",
    "tax_category": "S",
    "tax_rate": "19",
    "name": "Hexagon bolt M8 × 40",
    "order_number": "PO-000042",
    "order_line": "1",
}
STATED: dict[str, Any] = {
    "supplier_id": "0199c0de-0000-7000-8000-000000000001",
    "number": "R-2026-117",
    "issued_on": "2026-03-03",
    "due_on": "2026-04-02",
    "currency": "EUR",
    "order_number": "PO-000042",
    "net": "25.00",
    "tax": "4.75",
    "gross": "29.75",
    "payable": "29.75",
    "taxes": [TAX],
    "lines": [LINE],
}


class StatedTax(BaseModel):
    """The tax on everything that is taxed alike, as the invoice says it (BG-23)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [TAX]})

    category: Code = Field(description="UNCL5305, as EN 16931 has them")
    rate: Percent | None = Field(default=None, description="None of what is not subject to tax")
    taxable_amount: Amount
    tax_amount: Amount

    def said(self) -> Breakdown:
        """Return what it says."""
        return Breakdown(self.taxable_amount, self.tax_amount, Category(self.category, self.rate))


class StatedAdjustment(BaseModel):
    """An allowance or a charge of the whole invoice, or of a line."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "is_charge": True,
                    "amount": "12.50",
                    "reason": "freight",
                    "tax_category": "S",
                    "tax_rate": "19",
                }
            ]
        },
    )

    is_charge: bool
    amount: Amount
    reason: Text
    tax_category: Code | None = Field(default=None, description="Not of a line, which is taxed as it is")
    tax_rate: Percent | None = None

    def said(self) -> Adjustment:
        """Return what it says."""
        taxed = None if self.tax_category is None else Category(self.tax_category, self.tax_rate)
        return Adjustment(self.is_charge, self.amount, reason=self.reason, category=taxed)


class StatedLine(BaseModel):
    """A line of an invoice, as it is on the paper."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [LINE]})

    number: Reference | None = Field(default=None, description="Its place when left out")
    quantity: Amount
    unit: Code = Field(description="UN/ECE Recommendation 20 code")
    net_amount: Amount
    price: Amount = Field(description="Per `base_quantity`")
    base_quantity: Amount | None = Field(default=None, description="One when left out")
    tax_category: Code = Field(description="UNCL5305")
    tax_rate: Percent | None = None
    name: Text
    buyers_item: Reference | None = Field(default=None, description="Our number of the item")
    sellers_item: Reference | None = Field(default=None, description="The supplier's")
    standard_item: Reference | None = Field(default=None, description="A GTIN")
    order_number: Reference | None = Field(default=None, description="Where lines are of several orders")
    order_line: Reference | None = Field(default=None, description="The line of the order")
    adjustments: list[StatedAdjustment] = Field(default_factory=list, max_length=50)

    def said(self, place: int) -> Line:
        """Return what it says."""
        same = ("quantity", "unit", "net_amount", "price", "base_quantity", "name", "buyers_item")
        return Line(
            number=self.number or str(place),
            category=Category(self.tax_category, self.tax_rate),
            standard_item=None if self.standard_item is None else Known(self.standard_item),
            sellers_item=self.sellers_item,
            order_number=self.order_number,
            order_line=self.order_line,
            adjustments=tuple(one.said() for one in self.adjustments),
            **{name: getattr(self, name) for name in same},
        )


class InvoiceIn(BaseModel):
    """An invoice or a credit note with what it says, as it is on the paper: nothing is reckoned for it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [STATED]})

    supplier_id: UUID | None = Field(
        default=None, description="Whose it is; left out by the supplier itself, or where it names an order"
    )
    number: Reference
    is_credit_note: bool = False
    issued_on: Day
    due_on: Day | None = None
    currency: CurrencyCode
    order_number: Reference | None = Field(default=None, description="The order that it is for")
    preceding_number: Reference | None = Field(
        default=None, description="Of a credit note, the invoice that it takes back from"
    )
    payment_terms: Prose | None = Field(default=None, description="As the supplier words them")
    net: Amount = Field(description="Without tax")
    tax: Amount
    gross: Amount = Field(description="With tax")
    prepaid: Amount | None = Field(default=None, description="What was paid before")
    rounding: Amount | None = Field(default=None, description="By which what is due was rounded")
    payable: Amount = Field(description="What is due")
    taxes: list[StatedTax] = Field(min_length=1, max_length=50)
    adjustments: list[StatedAdjustment] = Field(default_factory=list, max_length=50)
    lines: list[StatedLine] = Field(min_length=1, max_length=MOST_LINES)

    def said(self) -> Invoice:
        """Return what it says."""
        lines = tuple(line.said(place) for place, line in enumerate(self.lines, start=1))
        adjustments = tuple(one.said() for one in self.adjustments)
        allowances = [one.amount for one in self.adjustments if not one.is_charge]
        charges = [one.amount for one in self.adjustments if one.is_charge]
        same = (
            *("number", "is_credit_note", "issued_on", "due_on", "currency", "payment_terms"),
            *("net", "gross", "prepaid", "rounding", "payable"),
        )
        return Invoice(
            syntax=Syntax.STATED,
            type_code="381" if self.is_credit_note else "380",
            order=self.order_number,
            preceding=() if self.preceding_number is None else (Preceding(self.preceding_number),),
            lines_total=sum((line.net_amount for line in self.lines), Decimal(0)),
            allowances_total=sum(allowances, Decimal(0)) if allowances else None,
            charges_total=sum(charges, Decimal(0)) if charges else None,
            tax_totals=(TaxTotal(self.tax, self.currency, is_broken_down=True),),
            breakdown=tuple(one.said() for one in self.taxes),
            adjustments=adjustments,
            lines=lines,
            amount_currencies=(self.currency,),
            **{name: getattr(self, name) for name in same},
        )
