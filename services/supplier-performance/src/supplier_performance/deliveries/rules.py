"""What is counted over order lines, and the figures that the counts make. Pure: no clock, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

MILLION = Decimal(1_000_000)
HUNDRED = Decimal(100)


class OnTime(BaseModel):
    """Until when a line is on time."""

    model_config = ConfigDict(frozen=True)

    grace_days: int = Field(
        default=0, ge=0, le=365, description="Days after the promised one that are on time", examples=[2]
    )


class RollingWindow(BaseModel):
    """How far back a supplier is judged."""

    model_config = ConfigDict(frozen=True)

    days: int = Field(default=365, ge=1, le=3660, description="Promised dates, until today", examples=[365])


@dataclass(frozen=True, slots=True)
class Window:
    """Promised dates, first and last included."""

    first: date
    last: date

    @classmethod
    def rolling(cls, last: date, days: int) -> Window:
        """Return the window of so many days that ends with `last`."""
        return cls(last - timedelta(days=days - 1), last)


@dataclass(frozen=True, slots=True)
class Question:
    """Which lines are asked about, and when they are judged: None is today at each line's site."""

    window: Window
    as_of: date | None = None


class Measure(StrEnum):
    """A figure that evidence can be asked for."""

    ON_TIME = "on_time"
    IN_FULL = "in_full"
    ON_TIME_IN_FULL = "on_time_in_full"
    REJECTED_PPM = "rejected_ppm"
    AVERAGE_DAYS_LATE = "average_days_late"
    P90_DAYS_LATE = "p90_days_late"
    SPEND = "spend"


@dataclass(frozen=True, slots=True)
class Measures:
    """What is counted over a window; every figure is a ratio of these counts, rounded half up."""

    lines: int = 0
    """Lines promised in the window, due or not."""
    lines_due: int = 0
    """Of them, those whose fate is settled: delivered, or their last day is over."""
    lines_on_time: int = 0
    lines_in_full: int = 0
    lines_on_time_in_full: int = 0
    days_late: int = 0
    """Sum over due lines; early days count negative."""
    p90_days_late: int | None = None
    received_quantity: Decimal = Decimal(0)
    rejected_quantity: Decimal = Decimal(0)
    spend: Mapping[str, Decimal] = field(default_factory=dict)
    """Value of what was received, by currency."""

    @property
    def lines_late(self) -> int:
        """Due lines that were not on time."""
        return self.lines_due - self.lines_on_time

    @property
    def on_time_percent(self) -> Decimal | None:
        """Lines on time ÷ lines due, in percent with two decimals."""
        return ratio(self.lines_on_time, self.lines_due, HUNDRED, 2)

    @property
    def in_full_percent(self) -> Decimal | None:
        """Lines in full ÷ lines due, in percent with two decimals."""
        return ratio(self.lines_in_full, self.lines_due, HUNDRED, 2)

    @property
    def on_time_in_full_percent(self) -> Decimal | None:
        """Lines on time and in full ÷ lines due (OTIF), in percent with two decimals."""
        return ratio(self.lines_on_time_in_full, self.lines_due, HUNDRED, 2)

    @property
    def rejected_ppm(self) -> Decimal | None:
        """Rejected ÷ received × 1,000,000, a whole number."""
        return ratio(self.rejected_quantity, self.received_quantity, MILLION, 0)

    @property
    def average_days_late(self) -> Decimal | None:
        """Days late ÷ lines due, with two decimals; negative when early."""
        return ratio(self.days_late, self.lines_due, Decimal(1), 2)


def ratio(part: Decimal | int, whole: Decimal | int, scale: Decimal, decimals: int) -> Decimal | None:
    """Return part ÷ whole × scale rounded half up; None when there is no whole."""
    if not whole:
        return None
    return rounded(Decimal(part) * scale / Decimal(whole), decimals)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Round half up (away from zero), as PostgreSQL's `round` does."""
    return value.quantize(Decimal(10) ** -decimals, ROUND_HALF_UP)
