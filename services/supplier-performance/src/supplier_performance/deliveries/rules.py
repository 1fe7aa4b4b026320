"""What is counted over order lines, and the figures that the counts make. Pure: no clock, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import rounded

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
    known_before: datetime | None = None
    """By what was known until then, of facts that one event tells; None: by all that is known."""


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
class Received:
    """What was received and rejected in one unit of measure (UN/ECE Recommendation 20)."""

    received: Decimal
    rejected: Decimal

    def __add__(self, other: Received) -> Received:
        """Return both together, which are of the same unit."""
        return Received(self.received + other.received, self.rejected + other.rejected)

    @property
    def rejected_ppm(self) -> Decimal | None:
        """Rejected ÷ received × 1,000,000, a whole number (IATF 16949, 8.4.2: of one unit of measure)."""
        return ratio(self.rejected, self.received, MILLION, 0)


@dataclass(frozen=True, slots=True)
class Valued:
    """What lines in one currency were worth, and what of it was rejected."""

    lines: int
    """Lines of which anything was received."""
    received: Decimal
    rejected: Decimal
    """Σ over the lines of round(value × rejected ÷ received, 6): their shares, weighted by their values."""
    accepted: Decimal | None = None
    """What was accepted; None in what was kept before it was told apart from what was received."""

    @property
    def spend(self) -> Decimal:
        """What is owed: what was accepted is worth."""
        return self.received if self.accepted is None else self.accepted

    def __add__(self, other: Valued) -> Valued:
        """Return both together, which are in the same currency."""
        return Valued(
            self.lines + other.lines,
            self.received + other.received,
            self.rejected + other.rejected,
            self.spend + other.spend,
        )

    @property
    def rejected_ppm(self) -> Decimal | None:
        """The mean of the lines' rejected shares, weighted by their values; None where all was free."""
        return ratio(self.rejected, self.received, MILLION, 0)


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
    by_unit: Mapping[str, Received] = field(default_factory=dict)
    """What was received, by unit of measure: pieces and kilograms have no sum."""
    by_currency: Mapping[str, Valued] = field(default_factory=dict)
    """What it was worth, by currency: nor have euros and yen."""

    @property
    def spend(self) -> Mapping[str, Decimal]:
        """Value of what was received, by currency."""
        return {currency: valued.spend for currency, valued in self.by_currency.items()}

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
        """Of one unit, rejected ÷ received × 1,000,000; over units, the mean of line shares by value.

        Currencies have no common value either: each one's mean counts by the lines that were received in it.
        None when nothing was received, or nothing comparable: several units, and all of it free of charge.
        """
        if len(self.by_unit) == 1:
            return next(iter(self.by_unit.values())).rejected_ppm
        comparable = self.comparable
        if len(comparable) == 1:
            return comparable[0].rejected_ppm
        return ratio(*self.shares, MILLION, 0)

    @property
    def comparable(self) -> list[Valued]:
        """The currencies in which anything was worth something."""
        return [valued for valued in self.by_currency.values() if valued.received]

    @property
    def shares(self) -> tuple[Decimal, int]:
        """Σ over currencies of lines × their mean share rejected, with six decimals; and Σ of the lines."""
        means = sum((v.lines * v.rejected / v.received for v in self.comparable), Decimal(0))
        return rounded(means, 6), sum(v.lines for v in self.comparable)

    @property
    def average_days_late(self) -> Decimal | None:
        """Days late ÷ lines due, with two decimals; negative when early."""
        return ratio(self.days_late, self.lines_due, Decimal(1), 2)


def ratio(part: Decimal | int, whole: Decimal | int, scale: Decimal, decimals: int) -> Decimal | None:
    """Return part ÷ whole × scale rounded half up; None when there is no whole."""
    if not whole:
        return None
    return rounded(Decimal(part) * scale / Decimal(whole), decimals)
