"""Days that documents speak of, within the years in which a company's papers can lie."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
"""Records are kept ten years (HGB § 257), contracts run for decades: what lies beyond was mistyped."""


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
