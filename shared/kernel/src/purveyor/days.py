"""Days that documents speak of, within the years in which a company's papers can lie."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, WithJsonSchema

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
"""Records are kept ten years (HGB § 257), contracts run for decades: what lies beyond was mistyped."""

BEFORE_ALL = date(1989, 12, 31)
"""What a day that nobody knows is sorted as; drivers take `date.min` for minus infinity."""

AS_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _as_written(day: Any) -> Any:
    """Let no number be seconds since 1970, and no time be a day: both are taken for dates by many readers."""
    if type(day) is date or (isinstance(day, str) and AS_WRITTEN.fullmatch(day.strip())):
        return day.strip() if isinstance(day, str) else day
    raise ValueError("a day is written as in 2026-03-02 (ISO 8601)")


def _as_moments_are_written(moment: Any) -> Any:
    if isinstance(moment, datetime) or (isinstance(moment, str) and AS_WRITTEN.match(moment)):
        return moment
    raise ValueError("a moment is written as in 2026-03-02T09:30:00Z (RFC 3339)")


def _within_reason(day: date) -> date:
    if day < EARLIEST:
        raise ValueError(
            f"lies before {EARLIEST.year}: nothing here is as old; 0026 and 1900 often stand for a year that "
            "was typed in short or for a day that nobody knows"
        )
    if day > LATEST:
        raise ValueError(
            f"lies after {LATEST.year}: nothing is promised for as long; 9999 often stands for a day that "
            "nobody knows, and such a day is left out"
        )
    return day


Day = Annotated[
    date,
    BeforeValidator(_as_written),
    AfterValidator(_within_reason),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "description": "From 1990 to 2100",
            "examples": ["2026-03-02"],
            "pattern": "^(199[0-9]|20[0-9]{2}|2100)-",
        }
    ),
]
"""A business day in a document."""

Moment = Annotated[AwareDatetime, BeforeValidator(_as_moments_are_written)]
"""A point in time, with its offset; a number is none either."""
