"""Working time: days that are neither a weekend nor a holiday where somebody works."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays, list_supported_countries

WEEKEND = {5, 6}


@cache
def calendar(country: str) -> HolidayBase | None:
    """Return the public holidays of a country (ISO 3166-1); None where the library knows none of it."""
    return country_holidays(country) if country in list_supported_countries() else None


def later(start: datetime, days: int, country: str, time_zone: str) -> datetime:
    """Return the same time of day so many working days later, where the site is.

    What begins on a day off begins with the next working day.
    """
    known = calendar(country)
    there = start.astimezone(ZoneInfo(time_zone))
    day, clock = there.date(), there.timetz().replace(tzinfo=None)

    def works() -> bool:
        return day.weekday() not in WEEKEND if known is None else known.is_working_day(day)

    while not works():
        day, clock = day + timedelta(days=1), time()
    for _ in range(days):
        day += timedelta(days=1)
        while not works():
            day += timedelta(days=1)
    return datetime.combine(day, clock, ZoneInfo(time_zone))
