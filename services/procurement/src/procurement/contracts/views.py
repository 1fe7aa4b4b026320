"""What a contract price is, as HTTP shows it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.contracts.rules import Answer
from purveyor.money import Money

FOUND: dict[str, Any] = {
    "contract_id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6fc4",
    "contract_number": "C-000042",
    "edition": 2,
    "line_number": 1,
    "price": {"amount": "11.80", "currency": "EUR"},
    "price_base_quantity": "100",
    "unit": "C62",
    "amount": {"amount": "590.00", "currency": "EUR"},
    "valid_from": "2026-12-01",
    "valid_to": "2027-11-30",
    "arithmetic": [
        "Line 1 of contract C-000042, version 2: item M8-A2, any site, from 2026-12-01 to 2027-11-30",
        "5000 C62 lies in the tier from 5000: 11.80 EUR per 100",
        "5000 × 11.80 ÷ 100 = 590.00 EUR",
    ],
    "why_none": None,
}


class ContractPriceAnswer(BaseModel):
    """What something costs by a contract, with the arithmetic; or why no contract prices it."""

    model_config = ConfigDict(json_schema_extra={"examples": [FOUND]})

    contract_id: UUID | None = Field(description="Null: no contract prices it, as `why_none` says")
    contract_number: str | None
    edition: int | None = Field(description="Of the contract, in force on the day")
    line_number: int | None = Field(description="Of its price list")
    price: Money | None = Field(description="Per `price_base_quantity` units")
    price_base_quantity: Decimal | None
    unit: str | None
    amount: Money | None = Field(description="Of the whole quantity, rounded to the minor unit")
    valid_from: date | None
    valid_to: date | None = Field(description="The last day on which it holds")
    arithmetic: list[str] = Field(description="How it was found, in words")
    why_none: str | None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Return what was found."""
        if answer.price is None:
            nothing = dict.fromkeys(cls.model_fields) | {"arithmetic": [], "why_none": answer.why_none}
            return cls.model_validate(nothing)
        line = answer.price.line
        return cls(
            contract_id=line.contract_id,
            contract_number=line.contract_number,
            edition=line.edition,
            line_number=line.number,
            price=Money(amount=answer.price.tier.price, currency=line.currency),
            price_base_quantity=line.price_base_quantity,
            unit=line.unit,
            amount=Money(amount=answer.price.amount, currency=line.currency),
            valid_from=line.valid_from,
            valid_to=line.valid_to,
            arithmetic=list(answer.price.arithmetic),
            why_none=None,
        )
