"""How measures are shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import MeanDays, PartsPerMillion, Percent
from purveyor.money import Money
from supplier_performance.deliveries.rules import Measures


class Quantities(BaseModel):
    """What was received in one unit of measure, and what of it was rejected."""

    model_config = ConfigDict(from_attributes=True)

    unit: str = Field(description="UN/ECE Recommendation 20; ZZ of scores before units were told apart")
    received: Decimal = Field(examples=["300"])
    rejected: Decimal = Field(examples=["10"])
    rejected_ppm: PartsPerMillion | None = Field(
        description="Rejected ÷ received × 1,000,000", examples=["33333"]
    )


class Measured(BaseModel):
    """What is counted over a window, and the figures that the counts make."""

    model_config = ConfigDict(from_attributes=True)

    lines: int = Field(description="Order lines promised in the window", examples=[120])
    lines_due: int = Field(description="Of them, delivered or past their last day", examples=[100])
    lines_on_time: int = Field(examples=[92])
    lines_late: int = Field(description="Due lines that were not on time", examples=[8])
    lines_in_full: int = Field(examples=[97])
    lines_on_time_in_full: int = Field(examples=[90])
    on_time_percent: Percent | None = Field(description="Of due lines", examples=["92.00"])
    in_full_percent: Percent | None = Field(description="Of due lines", examples=["97.00"])
    on_time_in_full_percent: Percent | None = Field(description="Of due lines", examples=["90.00"])
    quantities: list[Quantities] = Field(description="Received, by unit of measure")
    rejected_ppm: PartsPerMillion | None = Field(
        description="Of one unit, rejected ÷ received × 1,000,000; over units, the mean of line shares "
        "weighted by value, over currencies by lines; null when nothing received is comparable",
        examples=["2222"],
    )
    average_days_late: MeanDays | None = Field(description="Negative when early", examples=["-0.75"])
    p90_days_late: int | None = Field(description="Nine of ten lines were no later", examples=[1])
    spend: list[Money] = Field(description="Value of what was accepted, by currency")

    @classmethod
    def of(cls, measures: Measures) -> Self:
        """Show measures."""
        lists = {"spend", "quantities"}
        figures = {name: getattr(measures, name) for name in cls.model_fields if name not in lists}
        quantities = [
            Quantities(unit=unit, received=of.received, rejected=of.rejected, rejected_ppm=of.rejected_ppm)
            for unit, of in measures.by_unit.items()
        ]
        spend = [Money(amount=amount, currency=currency) for currency, amount in measures.spend.items()]
        return cls(spend=spend, quantities=quantities, **figures)
