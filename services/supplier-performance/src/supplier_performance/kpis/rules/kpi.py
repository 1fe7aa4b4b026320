"""A KPI as it is known: its code, which version of it, and what that says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from supplier_performance.kpis.rules.grammar import Definition


class Status(StrEnum):
    """Where a version of a KPI stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Kpi:
    """What a version of a KPI says; version 0 comes with the service, and nobody here decided it."""

    code: str
    number: int
    title: str
    formula: str
    """What it is, in words."""
    standard: str | None
    """Who names it so."""
    definition: Definition


@dataclass(frozen=True, slots=True)
class Scope:
    """Which facts are asked about, beside their window and supplier: those with these values, if any."""

    category: str | None = None
    site: str | None = None
    business_unit: str | None = None
    item: str | None = None
    currency: str | None = None
    unit: str | None = None

    @property
    def named(self) -> dict[str, str]:
        """What is asked for, by column."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """An event that a fact comes from."""

    event_id: UUID | None
    """None of this service's own, which their number in the stream names."""
    type: str
    sequence: int
    known_at: datetime
    business_date: date | None


class By(StrEnum):
    """What a KPI is asked by: each value of a column, or each period of the day when facts were so."""

    SUPPLIER = "supplier"
    GROUP = "group"
    CATEGORY = "category"
    SITE = "site"
    BUSINESS_UNIT = "business_unit"
    ITEM = "item"
    UNIT = "unit"
    CURRENCY = "currency"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


PERIODS = {
    By.DAY: "YYYY-MM-DD",
    By.WEEK: 'IYYY-"W"IW',
    By.MONTH: "YYYY-MM",
    By.QUARTER: 'YYYY-"Q"Q',
    By.YEAR: "YYYY",
}
"""How a period is named; weeks as ISO 8601 does."""
COMPANIES = frozenset({By.SUPPLIER, By.GROUP})
"""What companies are asked by: each alone, or with all that belong to the same one."""
COLUMNS = dict.fromkeys(COMPANIES, "supplier_id") | {
    by: by.value for by in (By.CATEGORY, By.SITE, By.BUSINESS_UNIT, By.ITEM, By.UNIT, By.CURRENCY)
}
"""In which column what is no period is."""


TRUNCATED = {By.DAY: "day", By.WEEK: "week", By.MONTH: "month", By.QUARTER: "quarter", By.YEAR: "year"}
STEPS = {
    By.DAY: "interval '1 day'",
    By.WEEK: "interval '7 days'",
    By.MONTH: "interval '1 month'",
    By.QUARTER: "interval '3 months'",
    By.YEAR: "interval '1 year'",
}
"""What is a period in SQL, and how far the next one begins."""
MONTHS = {By.MONTH: 1, By.QUARTER: 3, By.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Rolling:
    """That each period is of itself and of those before it: so many in all."""

    periods: int
    first: date
    """The first day of the first period that a figure is asked of."""
    last: date
    """The last day that is asked for."""


def begins(day: date, by: By, back: int = 0) -> date:
    """Return the first day of a day's period, or of the one that lies so many back."""
    if by is By.DAY:
        return day - timedelta(days=back)
    if by is By.WEEK:
        return day - timedelta(days=day.weekday() + 7 * back)
    months = MONTHS[by]
    month = (day.year * 12 + day.month - 1) // months * months - months * back
    return date(month // 12, month % 12 + 1, 1)


def named(day: date, by: By) -> str:
    """Return what a day's period is called, as figures name it."""
    if by is By.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    if by is By.QUARTER:
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return {By.DAY: f"{day:%Y-%m-%d}", By.MONTH: f"{day:%Y-%m}", By.YEAR: f"{day:%Y}"}[by]


def is_future(day: date | None, today: date) -> bool:
    """Whether a day lies ahead of every site: tomorrow has begun east of Greenwich."""
    return day is not None and (day - today).days > 1
