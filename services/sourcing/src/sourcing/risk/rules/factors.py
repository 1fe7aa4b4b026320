"""The factors of a supplier's risk, each from 0 to 100: 100 is the worst there is, 0 no risk at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

NONE, WORST = Decimal(0), Decimal(100)


class Factor(StrEnum):
    """What a supplier may be risky of (ISO 31000, 6.4.2: sources of risk)."""

    FINANCIAL = "financial"
    GEOGRAPHIC = "geographic"
    OPERATIONAL = "operational"
    DEPENDENCY = "dependency"
    COMPLIANCE = "compliance"
    ENVIRONMENTAL_SOCIAL = "environmental_social"
    DELIVERY_QUALITY = "delivery_quality"
    SIGNALS = "signals"


class StatedFactor(StrEnum):
    """Which of them people and other systems state; the others come of what is known here."""

    FINANCIAL = "financial"
    OPERATIONAL = "operational"
    DEPENDENCY = "dependency"
    ENVIRONMENTAL_SOCIAL = "environmental_social"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was said of a factor: by whom, when, and until when that holds (None: as long as it is so)."""

    points: Decimal
    source: str
    as_of: date
    holds_until: date | None
    because: str

    def holds(self, on: date) -> bool:
        """Whether it may be gone by on a day."""
        return self.holds_until is None or on <= self.holds_until


def worst(readings: Iterable[Reading], on: date) -> Reading | None:
    """Return the worst of what holds on a day; where nothing holds any more, the latest of it."""
    found = list(readings)
    holding = [one for one in found if one.holds(on)]
    if holding:
        return max(holding, key=lambda one: (one.points, one.as_of, one.because))
    return max(found, key=lambda one: (one.as_of, one.points, one.because), default=None)


def bounded(points: Decimal) -> Decimal:
    """Return points that are between 0 and 100."""
    return min(max(points, NONE), WORST)
