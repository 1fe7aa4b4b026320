"""What may be said of a factor: points, or what points come of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from purveyor.errors import FieldError, InvalidError
from sourcing.risk.rules import points
from sourcing.risk.rules.factors import StatedFactor
from sourcing.risk.rules.points import Ratios
from sourcing.risk.rules.policy import FinancialBounds


@dataclass(frozen=True, slots=True)
class Operations:
    """In how many places a supplier makes what we buy, and how much of what it can make is taken."""

    making_sites: int | None
    capacity_used: Decimal | None


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of its sales we are, and how much of what we buy of a category it delivers; in percent."""

    ours_of_its_sales: Decimal | None
    its_of_our_spend: Decimal | None


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a factor: one of these."""

    points: Decimal | None = None
    ratios: Ratios | None = None
    operations: Operations | None = None
    shares: Shares | None = None

    def given(self) -> list[str]:
        """Return which of them it is."""
        return [
            name for name in ("points", "ratios", "operations", "shares") if getattr(self, name) is not None
        ]


@dataclass(frozen=True, slots=True)
class Held:
    """Where something said comes from, of which day it is, until when it holds (None: as the policy says)."""

    source: str
    as_of: date
    holds_until: date | None


@dataclass(frozen=True, slots=True)
class StatedSignal:
    """A signal as its source states it."""

    supplier_id: UUID
    reference: str
    summary: str
    points: Decimal
    weight: Decimal
    held: Held


@dataclass(frozen=True, slots=True)
class StatedCountryRisk:
    """A row of the table of countries."""

    country: str
    category: str | None
    points: Decimal
    held: Held


OWN = {
    StatedFactor.FINANCIAL: "ratios",
    StatedFactor.OPERATIONAL: "operations",
    StatedFactor.DEPENDENCY: "shares",
}
"""What the points of a factor come of, where not of points."""


def points_of(factor: StatedFactor, said: Said, bounds: FinancialBounds) -> tuple[Decimal, str]:
    """Return what was said in points, and what they come of; raises InvalidError for what does not fit."""
    _check(factor, said)
    if said.ratios is not None:
        z = points.z_score(said.ratios)
        return points.of_z_score(z, bounds), f"Altman's Z″ {z:.2f}"
    if said.operations is not None:
        sites, used = said.operations.making_sites, said.operations.capacity_used
        parts = [] if sites is None else [f"{sites} making sites" if sites > 1 else "one making site"]
        parts += [] if used is None else [f"{used} % of its capacity used"]
        return points.of_operations(sites, used), ", ".join(parts)
    if said.shares is not None:
        ours, its = said.shares.ours_of_its_sales, said.shares.its_of_our_spend
        parts = [] if ours is None else [f"we are {ours} % of its sales"]
        parts += [] if its is None else [f"it is {its} % of what we buy of that"]
        return points.of_shares(ours, its), ", ".join(parts)
    return said.points or Decimal(0), "points as stated"


def _check(factor: StatedFactor, said: Said) -> None:
    given, own = said.given(), OWN.get(factor)
    allowed = ["points", *([own] if own else [])]
    if len(given) != 1 or given[0] not in allowed:
        wrong = [name for name in given if name not in allowed] or given[1:] or ["points"]
        detail = f"Of {factor} state one of {', '.join(allowed)}, and nothing else."
        raise InvalidError(
            "factor_malformed", detail, errors=[FieldError(f"/{name}", detail) for name in wrong]
        )
    part = said.operations or said.shares
    if part is not None and not any(getattr(part, name) is not None for name in part.__slots__):
        detail = "State at least one of its two numbers."
        raise InvalidError("factor_malformed", detail, errors=[FieldError(f"/{own}", detail)])
