"""Tax codes as HTTP takes and shows them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from procurement.amounts.rules.categories import TaxCategory
from procurement.fields import Percent
from purveyor.countries import Country
from purveyor.days import Day
from purveyor.texts import Name

PERIOD: dict[str, Any] = {
    "valid_from": "2021-01-01",
    "valid_to": None,
    "rate": "19",
    "recoverable_part": "100",
}
TAX_CODE: dict[str, Any] = {
    "name": "Input tax, standard rate",
    "country": "DE",
    "category": "S",
    "reverse_charge": False,
    "periods": [
        PERIOD | {"valid_from": "2007-01-01", "valid_to": "2020-06-30"},
        PERIOD | {"valid_from": "2020-07-01", "valid_to": "2020-12-31", "rate": "16"},
        PERIOD,
    ],
}


class TaxPeriodIn(BaseModel):
    """What a tax code says from a day on, until a day."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PERIOD]})

    valid_from: Day
    valid_to: Day | None = Field(default=None, description="The last day; null without an end")
    rate: Percent = Field(description="In percent; under reverse charge what the buyer owes")
    recoverable_part: Percent = Field(
        default=Decimal(100), description="Which part of the tax is got back, in percent; the rest is a cost"
    )


class TaxPeriod(TaxPeriodIn):
    """What a tax code says from a day on, until a day, as it is kept."""

    model_config = ConfigDict(extra="ignore")


class TaxCodeIn(BaseModel):
    """A tax code as the organisation states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [TAX_CODE]})

    name: Name
    country: Country
    category: TaxCategory = Field(description="As EN 16931 has them (UNCL5305)")
    reverse_charge: bool = Field(default=False, description="The buyer owes the tax: AE and K only")
    periods: list[TaxPeriodIn] = Field(min_length=1, max_length=100, description="The earliest first")

    def content(self) -> dict[str, Any]:
        """Return what it states, as it is kept."""
        return dict(self) | {"periods": [one.model_dump(mode="json") for one in self.periods]}


class TaxCode(TaxCodeIn):
    """How something is taxed in a country, with its rates by period."""

    model_config = ConfigDict(
        extra="ignore",
        from_attributes=True,
        json_schema_extra={"examples": [{"code": "DE-S"} | TAX_CODE]},
    )

    code: str
    periods: list[TaxPeriod]  # type: ignore[assignment]  # shown, and never stated
