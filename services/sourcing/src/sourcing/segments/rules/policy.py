"""From where on profit impact and supply risk are high, and how supply risk is made, as is decided."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from purveyor.decimals import AS_WRITTEN
from purveyor.money import CurrencyCode

Share = Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2, examples=["5"]), AS_WRITTEN]
Bound = Annotated[Decimal, Field(gt=0, le=100, max_digits=4, decimal_places=1, examples=["50"]), AS_WRITTEN]
Risk = Annotated[Decimal, Field(ge=0, le=100, max_digits=4, decimal_places=1, examples=["60"]), AS_WRITTEN]
Worth = Annotated[Decimal, Field(gt=0, max_digits=20, decimal_places=8, examples=["0.92"]), AS_WRITTEN]


class _Decided(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scarcity(_Decided):
    """How risky it is to have so many suppliers to choose from, 100 being the worst."""

    one: Risk = Field(default=Decimal(100), description="One, or nobody at all")
    two: Risk = Decimal(60)
    three: Risk = Decimal(30)
    more: Risk = Decimal(0)

    @model_validator(mode="after")
    def _fall(self) -> Self:
        if not self.one >= self.two >= self.three >= self.more:
            raise ValueError("more suppliers are no greater risk than fewer")
        return self

    def of(self, suppliers: int) -> Decimal:
        """Return the points of so many suppliers."""
        return {0: self.one, 1: self.one, 2: self.two, 3: self.three}.get(suppliers, self.more)


class Rate(_Decided):
    """What one unit of a currency is worth in the reporting currency."""

    currency: CurrencyCode
    worth: Worth


class SegmentPolicy(_Decided):
    """How categories and suppliers are segmented."""

    window_days: int = Field(
        default=365, ge=30, le=1830, description="For how many days what was ordered counts"
    )
    category_share: Share = Field(
        default=Decimal(5), description="From this share of all spend on, a category's profit impact is high"
    )
    supplier_share: Share = Field(
        default=Decimal(2),
        description="From this share of all spend on, a supplier's profit impact in a category is high",
    )
    supply_risk: Bound = Field(default=Decimal(50), description="From these points on supply risk is high")
    scarcity_weight: int = Field(
        default=50,
        ge=0,
        le=100,
        description="How much of supply risk, of 100, is that there are few to choose from; the rest is how "
        "risky they are",
    )
    scarcity: Scarcity = Scarcity()
    reporting_currency: CurrencyCode | None = Field(
        default=None,
        description="In which currency spend is added up, as far as `rates` say what others are worth in it; "
        "left out: each currency by itself",
    )
    rates: tuple[Rate, ...] = Field(default=(), max_length=200)

    @model_validator(mode="after")
    def _rates_are_of_others(self) -> Self:
        currencies = [rate.currency for rate in self.rates]
        if len(set(currencies)) < len(currencies):
            raise ValueError("a currency has two rates")
        if self.rates and self.reporting_currency is None:
            raise ValueError("rates say what currencies are worth in a reporting currency: name it")
        if self.reporting_currency in currencies:
            raise ValueError("the reporting currency has no rate: it is worth 1")
        return self

    def worth(self) -> Mapping[str, Decimal]:
        """Return what currencies are worth in the reporting currency."""
        return {rate.currency: rate.worth for rate in self.rates}
