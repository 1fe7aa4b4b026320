"""How far an invoice may be from what is expected, and against what it is held: policy, as data."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

NOTHING, HUNDRED = Decimal(0), Decimal(100)


class Joined(StrEnum):
    """How an absolute and a percentage limit go together, as SAP Ariba defines it."""

    AND = "and"
    """Both have to be kept, so that one that is exceeded decides alone."""
    OR = "or"
    """One that is kept is enough."""


class Limit(BaseModel):
    """How large a difference may be, to one side; with neither limit, any may be."""

    model_config = ConfigDict(frozen=True)

    absolute: Decimal | None = Field(
        default=None,
        ge=0,
        max_digits=18,
        decimal_places=6,
        description="In the invoice's currency, or the line's unit",
        examples=["10"],
    )
    percent: Decimal | None = Field(
        default=None, ge=0, le=100, max_digits=9, decimal_places=6, description="Of what is expected"
    )
    joined: Joined = Field(default=Joined.AND, description="`and`: both have to be kept; `or`: one is enough")

    def allows(self, difference: Decimal, expected: Decimal) -> bool:
        """Whether a difference, unsigned, from something expected may be."""
        kept = []
        if self.absolute is not None:
            kept.append(difference <= self.absolute)
        if self.percent is not None:
            kept.append(difference * HUNDRED <= self.percent * abs(expected))
        if not kept:
            return True
        return all(kept) if self.joined is Joined.AND else any(kept)


EXACT, ANY = Limit(absolute=NOTHING), Limit()


class Tolerance(BaseModel):
    """How far something may be above and below what is expected."""

    model_config = ConfigDict(frozen=True)

    over: Limit = Field(default=EXACT, description="Above it")
    under: Limit = Field(default=ANY, description="Below it")

    def allows(self, found: Decimal, expected: Decimal) -> bool:
        """Whether what was found is near enough to what was expected."""
        limit = self.over if found > expected else self.under
        return limit.allows(abs(found - expected), expected)


BOTH_EXACT = Tolerance(under=EXACT)


class Matching(BaseModel):
    """Against what an invoice's lines are held, and how far off they may be."""

    model_config = ConfigDict(frozen=True)

    ways: int = Field(
        default=3,
        ge=2,
        le=4,
        description="2: what was ordered; 3: what arrived, too; 4: only what of that was accepted",
    )
    price: Tolerance = Field(default=Tolerance(), description="What a line comes to at the order's price")
    quantity: Tolerance = Field(default=Tolerance(), description="What is invoiced of a line, all told")
    amount: Tolerance = Field(
        default=BOTH_EXACT, description="What a line says at the order's price, beyond two cents"
    )
    tax: Tolerance = Field(default=BOTH_EXACT, description="The tax, and the rate of a line")
    freight: Tolerance = Field(default=Tolerance(), description="What is charged beside lines, all told")
    days: int = Field(default=5, ge=0, le=365, description="Within which an exception is to be solved")
