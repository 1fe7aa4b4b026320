"""What orders come to, as HTTP shows it: allowances and charges, tax a category, totals, landed costs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from procurement.amounts.rules.adjustments import Adjustment, SpreadBy
from procurement.amounts.rules.lines import exact_gross
from procurement.orders.model import PurchaseOrderLine
from procurement.orders.rules.amounts import amounts_of
from procurement.orders.rules.drafts import DraftLine, DraftOrder
from purveyor.money import round_amount

ADJUSTMENT: dict[str, Any] = {
    "reason": "freight",
    "reason_code": "FC",
    "amount": "12.50",
    "percent": None,
    "base_amount": None,
}
OF_LINE: dict[str, Any] = ADJUSTMENT | {"comes_to": "12.50"}
ALLOWANCE: dict[str, Any] = OF_LINE | {
    "reason": "yearly turnover",
    "reason_code": "105",
    "amount": None,
    "percent": "2",
    "comes_to": "4.20",
    "tax_code": "DE-S",
}
CHARGE: dict[str, Any] = OF_LINE | {"tax_code": "DE-S", "spread_by": "weight"}
TAX: dict[str, Any] = {"category": "S", "rate": "19", "taxable_amount": "210.00", "tax_amount": "39.90"}
AMOUNTS: dict[str, Any] = {
    "lines": "210.00",
    "allowances": "0.00",
    "charges": "0.00",
    "net": "210.00",
    "taxes": [TAX],
    "tax": "39.90",
    "gross": "249.90",
}


class LineAllowance(BaseModel):
    """What is taken off a line or put on it, as it was stated, and what that comes to."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [OF_LINE]})

    reason: str
    reason_code: str | None = Field(description="UNCL5189 of an allowance, UNCL7161 of a charge")
    amount: Decimal | None = Field(description="As it was stated; null for a percentage")
    percent: Decimal | None
    base_amount: Decimal | None = Field(description="What the percentage is of; null: of the whole")
    comes_to: Decimal = Field(description="Rounded to the currency's minor unit")

    @classmethod
    def of(cls, stated: Adjustment, whole: Decimal, currency: str) -> Self:
        """Show an allowance or a charge."""
        names = cls.model_fields.keys() - {"comes_to"}
        values = {name: getattr(stated, name) for name in names}
        return cls(comes_to=stated.comes_to(whole, currency), **values)


class Allowance(LineAllowance):
    """What is taken off an order."""

    model_config = ConfigDict(json_schema_extra={"examples": [ALLOWANCE]})

    tax_code: str | None


class Charge(Allowance):
    """What is put on an order."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHARGE]})

    spread_by: SpreadBy = Field(description="By what it falls on lines, for what they cost with it")


class TaxAmount(BaseModel):
    """The tax on everything of an order that is taxed alike."""

    model_config = ConfigDict(json_schema_extra={"examples": [TAX]})

    category: str = Field(description="As EN 16931 has them (UNCL5305)")
    rate: Decimal = Field(description="In percent, as it was on the order's day")
    taxable_amount: Decimal
    tax_amount: Decimal


class Amounts(BaseModel):
    """What an order comes to, in its currency; each total is a sum of parts that are rounded already."""

    model_config = ConfigDict(json_schema_extra={"examples": [AMOUNTS]})

    lines: Decimal = Field(description="What its lines come to")
    allowances: Decimal
    charges: Decimal
    net: Decimal = Field(description="Without tax: the order's `total`")
    taxes: list[TaxAmount] = Field(description="None where it is not said how all of it is taxed")
    tax: Decimal | None = Field(description="Null where it is not said how all of it is taxed")
    gross: Decimal | None = Field(description="With tax; null where that is not known")

    @classmethod
    def of(cls, content: DraftOrder, amounts: Sequence[Decimal]) -> Self:
        """Show what an order comes to, of which `amounts` are its lines."""
        found = amounts_of(content, amounts)
        taxes = [
            TaxAmount(
                category=one.taxation.category,
                rate=one.taxation.rate,
                taxable_amount=one.basis,
                tax_amount=one.tax,
            )
            for one in found.taxes
        ]
        names = cls.model_fields.keys() - {"taxes"}
        return cls(taxes=taxes, **{name: getattr(found, name) for name in names})


class WithAmounts(BaseModel):
    """What is shown of what an order comes to, beside its lines."""

    allowances: list[Allowance] = Field(description="Taken off the whole of it")
    charges: list[Charge] = Field(description="Put on the whole of it")
    amounts: Amounts


def of_order(content: DraftOrder, amounts: Sequence[Decimal]) -> dict[str, Any]:
    """Return what is shown of an order's own allowances and charges, and what it comes to."""
    whole, currency = sum(amounts, Decimal(0)), content.currency
    return {
        "allowances": [Allowance.of(one, whole, currency) for one in content.allowances],
        "charges": [Charge.of(one, whole, currency) for one in content.charges],
        "amounts": Amounts.of(content, amounts),
    }


def of_line(line: DraftLine | PurchaseOrderLine, currency: str) -> dict[str, list[LineAllowance]]:
    """Return what is shown of a line's allowances and charges."""
    if not (line.allowances or line.charges):
        return {"allowances": [], "charges": []}
    whole = round_amount(exact_gross(line.quantity, line.price, line.price_base_quantity), currency)
    return {
        name: [LineAllowance.of(one, whole, currency) for one in stated]
        for name, stated in (("allowances", line.allowances), ("charges", line.charges))
    }
