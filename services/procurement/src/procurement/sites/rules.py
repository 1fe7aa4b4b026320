"""Business days belong to a site's time zone."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


@cache
def time_zones() -> frozenset[str]:
    """Return the names of the IANA time zone database, such as Europe/Berlin."""
    return frozenset(available_timezones())


def business_date(now: datetime, time_zone: str) -> date:
    """Return the calendar day that it is in a time zone at a moment."""
    return now.astimezone(ZoneInfo(time_zone)).date()
