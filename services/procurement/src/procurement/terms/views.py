"""Terms as HTTP takes and shows them."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Share
from purveyor.days import Day
from purveyor.money import Money
from purveyor.texts import Name

INSTALMENT: dict[str, Any] = {
    "percent": "100",
    "days": 30,
    "from_end_of_month": False,
    "to_end_of_month": False,
}
TERMS: dict[str, Any] = {
    "name": "30 days net, 2 % within 10",
    "instalments": [INSTALMENT],
    "discounts": [{"percent": "2", "days": 10}],
    "valid_from": None,
    "valid_to": None,
}


class InstalmentIn(BaseModel):
    """A part of an amount, and when it falls due."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [INSTALMENT]})

    percent: Share
    days: int = Field(ge=0, le=3650, description="From the invoice's day, or from the end of its month")
    from_end_of_month: bool = Field(default=False, description="Counted from the end of the invoice's month")
    to_end_of_month: bool = Field(default=False, description="Due at the end of the month that it falls in")


class DiscountIn(BaseModel):
    """What is taken off for paying early."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": TERMS["discounts"]})

    percent: Share
    days: int = Field(ge=0, le=3650, description="Paid so many days on, at the latest")


class Instalment(InstalmentIn):
    """A part of an amount, and when it falls due, as it is kept."""

    model_config = ConfigDict(extra="ignore")


class Discount(DiscountIn):
    """What is taken off for paying early, as it is kept."""

    model_config = ConfigDict(extra="ignore")


class PaymentTermsIn(BaseModel):
    """Terms of payment as the organisation states them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [TERMS]})

    name: Name
    instalments: list[InstalmentIn] = Field(min_length=1, max_length=60, description="They add up to 100 %")
    discounts: list[DiscountIn] = Field(default=[], max_length=5, description="The earliest first")
    valid_from: Day | None = Field(default=None, description="The first day on which they may be agreed")
    valid_to: Day | None = Field(default=None, description="The last day on which they may be agreed")

    def content(self) -> dict[str, Any]:
        """Return what they state, as it is kept."""
        return dict(self) | {
            "instalments": [one.model_dump(mode="json") for one in self.instalments],
            "discounts": [one.model_dump(mode="json") for one in self.discounts],
        }


class PaymentTerms(PaymentTermsIn):
    """When we pay, under a code that orders name."""

    model_config = ConfigDict(
        extra="ignore",
        from_attributes=True,
        json_schema_extra={"examples": [{"code": "30N-2-10"} | TERMS]},
    )

    code: str
    instalments: list[Instalment]  # type: ignore[assignment]  # shown, and never stated
    discounts: list[Discount]  # type: ignore[assignment]  # shown, and never stated


class DueAmount(BaseModel):
    """What falls due on a day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"due_on": "2026-04-01", "amount": {"amount": "210.00", "currency": "EUR"}}]
        }
    )

    due_on: date
    amount: Money


class DueAmounts(BaseModel):
    """When which part of an amount falls due; the parts add up to it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [{"due_on": "2026-04-01", "amount": {"amount": "210.00", "currency": "EUR"}}],
                    "discount": {"amount": "4.20", "currency": "EUR"},
                }
            ]
        }
    )

    items: list[DueAmount]
    discount: Money = Field(description="What is taken off when all of it is paid on `paid_on`")


class Incoterm(BaseModel):
    """A rule of delivery, Incoterms 2020."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "code": "CIP",
                    "name": "Carriage and Insurance Paid To",
                    "any_mode": True,
                    "carriage": True,
                    "insurance": True,
                    "import_duty": False,
                }
            ]
        },
    )

    code: str
    name: str
    any_mode: bool = Field(description="For any mode of transport; otherwise for sea and inland waterways")
    carriage: bool = Field(description="The seller pays the main carriage")
    insurance: bool = Field(description="The seller pays the insurance")
    import_duty: bool = Field(description="The seller pays the import duty")


class Incoterms(BaseModel):
    """All that an order may name."""

    items: list[Incoterm]
