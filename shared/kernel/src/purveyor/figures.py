"""Figures that are quotients: each kind has a number of decimals, in answers, events and documents alike.

A quotient has as many digits as decimals are reckoned with; nobody wants 96.66666666666666666666666667.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, WithJsonSchema


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Round half up (away from zero), as PostgreSQL's `round` does; nothing is no less than zero."""
    found = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return found or abs(found)


def _to(decimals: int) -> Callable[[Decimal], Decimal]:
    return lambda value: rounded(value, decimals)


def _schema(decimals: int, examples: list[str], *, signed: bool = False) -> dict[str, Any]:
    sign, point = "-?" if signed else "", rf"\.[0-9]{{{decimals}}}" if decimals else ""
    return {"type": "string", "pattern": f"^{sign}[0-9]+{point}$", "examples": examples}


Percent = Annotated[Decimal, AfterValidator(_to(2)), WithJsonSchema(_schema(2, ["96.67"]))]
"""Of a hundred, with two decimals."""

Points = Annotated[Decimal, AfterValidator(_to(1)), WithJsonSchema(_schema(1, ["91.4"]))]
"""A score, from 0 to 100, with one decimal."""

PartsPerMillion = Annotated[Decimal, AfterValidator(_to(0)), WithJsonSchema(_schema(0, ["2222"]))]
"""Of a million, whole."""

MeanDays = Annotated[Decimal, AfterValidator(_to(2)), WithJsonSchema(_schema(2, ["-0.75"], signed=True))]
"""Days on average, with two decimals; negative when early."""
