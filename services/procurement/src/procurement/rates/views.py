"""Exchange rates as HTTP takes and shows them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from purveyor.days import Day
from purveyor.decimals import AS_WRITTEN
from purveyor.money import CurrencyCode, Money
from purveyor.texts import Code

RATE: dict[str, Any] = {
    "source": "ECB",
    "base": "EUR",
    "currency": "USD",
    "day": "2026-03-02",
    "rate": "1.0842",
}


def _plain(value: Decimal) -> Decimal:
    return Decimal(f"{value:f}")


RateValue = Annotated[
    Decimal, Field(gt=0, max_digits=20, decimal_places=10), AfterValidator(_plain), AS_WRITTEN
]


class RateRow(BaseModel):
    """A rate as its source publishes it: one unit of the base is worth so much of the currency."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [RATE | {"corrects": False}]})

    source: Code = Field(default="ECB", description="Who says so")
    base: CurrencyCode = "EUR"
    currency: CurrencyCode
    day: Day
    rate: RateValue
    corrects: bool = Field(
        default=False, description="Another rate of that day was wrong: this takes its place"
    )


class ExchangeRate(BaseModel):
    """What one unit of the base was worth in a currency, on a day, as a source says."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [RATE | {"recorded_by": "paula", "recorded_at": "2026-03-02T16:10:00Z"}]
        },
    )

    source: str
    base: str
    currency: str
    day: date
    rate: Decimal
    recorded_by: str
    recorded_at: datetime


class ConvertedAmount(BaseModel):
    """An amount in another currency, and by what it was converted."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "amount": {"amount": "92.23", "currency": "EUR"},
                    "rate": "0.922338",
                    "rated_on": "2026-02-27",
                    "source": "ECB",
                }
            ]
        },
    )

    amount: Money
    rate: Decimal = Field(description="Shown to twelve digits; the amount is rounded once, from fractions")
    rated_on: date = Field(description="The day of the rate: the one asked for, or the last one before")
    source: str
