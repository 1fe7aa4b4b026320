"""How kinds of fact are shown."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from supplier_performance.facts.rules import Kind, Type, Unit


class FactColumn(BaseModel):
    """A column of a kind of fact."""

    model_config = ConfigDict(from_attributes=True)

    name: str = Field(description="What definitions of KPIs name it by", examples=["days_late"])
    type: Type = Field(description="Only values of one type are compared", examples=["number"])
    unit: Unit | None = Field(
        description="What a number counts: money in the fact's currency, a quantity in its unit of measure",
        examples=["days"],
    )
    what: str = Field(examples=["From the promised day until it arrived or is judged; early: below 0"])


class FactKind(BaseModel):
    """A kind of fact: what is known of suppliers from events."""

    name: str = Field(description="What definitions of KPIs name it by", examples=["lines"])
    what: str = Field(examples=["Order lines, as they are judged on a day"])
    happened: str = Field(
        description="The column that says when it was so: what periods are of", examples=["promised_on"]
    )
    known: str = Field(
        description="What says when it was known",
        examples=["`known_at`, when its receipt or reversal was recorded"],
    )
    events: list[str] = Field(description="The events that it comes from", examples=[["GoodsReceived"]])
    key: list[str] = Field(
        description="The columns that together name a fact", examples=[["order_id", "line_number"]]
    )
    columns: list[FactColumn]

    @classmethod
    def of(cls, kind: Kind) -> Self:
        """Show a kind of fact."""
        return cls(
            name=kind.name,
            what=kind.what,
            happened=kind.happened,
            known=kind.known,
            events=list(kind.events),
            key=list(kind.key),
            columns=[FactColumn.model_validate(one) for one in kind.columns],
        )
