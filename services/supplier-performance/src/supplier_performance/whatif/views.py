"""How it is shown whose grade would have been another."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Points
from supplier_performance.suppliers.rules import SupplierName
from supplier_performance.suppliers.views import SupplierReference
from supplier_performance.templates.rules.template import Consequence
from supplier_performance.whatif.rules import Moves, Span


class TriedStanding(BaseModel):
    """What a supplier is by one way of judging."""

    model_config = ConfigDict(from_attributes=True)

    score: Points | None = Field(description="Null where too little is rated", examples=["74.2"])
    grade: str | None = Field(examples=["C"])
    consequence: Consequence = Field(examples=["none"])


class TriedSpan(BaseModel):
    """For how long a grade would have been another."""

    first_day: date = Field(description="The end of the first month in which it would have been")
    last_day: date = Field(description="The end of the last one, or the last day that was tried")
    held: TriedStanding = Field(description="On the first day, as it is judged")
    tried: TriedStanding = Field(description="On the first day, as it would have been")

    @classmethod
    def of(cls, span: Span) -> Self:
        """Show a span."""
        held, tried = (TriedStanding.model_validate(one) for one in (span.held, span.tried))
        return cls(first_day=span.first, last_day=span.last, held=held, tried=tried)


class TriedSupplier(BaseModel):
    """A supplier whose grade would have been another at the end of some month."""

    supplier: SupplierReference
    spans: list[TriedSpan]
    orders_stopped: int = Field(
        description="Its orders of days on which nothing new would have been ordered, and was", examples=[2]
    )
    orders_let: int = Field(
        description="Its orders of days on which nothing new was to be ordered, and would have been",
        examples=[0],
    )

    @classmethod
    def of(cls, moves: Moves, supplier: SupplierName) -> Self:
        """Show whose grade would have been another."""
        return cls(
            supplier=SupplierReference.of(supplier),
            spans=[TriedSpan.of(span) for span in moves.spans],
            orders_stopped=moves.orders_stopped,
            orders_let=moves.orders_let,
        )


class Tried(BaseModel):
    """What a change would have made of history: nothing of it was kept, and nobody was told."""

    code: str = Field(description="Of the template", examples=["fasteners"])
    first_day: date
    last_day: date
    days: int = Field(description="How many days were tried: the ends of months, and the last", examples=[24])
    suppliers_judged: int = Field(
        description="How many suppliers had a scorecard on any of them", examples=[73]
    )
    suppliers: list[TriedSupplier] = Field(description="Those whose grade would have been another, by id")
