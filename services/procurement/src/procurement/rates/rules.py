"""What an amount is worth in another currency: by a rate of its day, or the last one shortly before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pydantic import BaseModel, ConfigDict, Field

from purveyor.errors import FieldError, InvalidError
from purveyor.money import minor_units

LARGEST = 10**15
"""No amount is worth as much; a rate or an amount was mistyped."""


class RateAge(BaseModel):
    """How old the last rate may be that a day is converted by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    most_days: int = Field(
        default=4,
        ge=0,
        le=31,
        description="4 bridges Easter, the longest closing of TARGET: Thursday's rates hold until Monday",
    )


@dataclass(frozen=True, slots=True)
class DayRates:
    """What a source said on a day: how much of each currency one unit of its base was worth."""

    day: date
    base: str
    rates: Mapping[str, Decimal]

    def of(self, currency: str) -> Decimal | None:
        """Return the rate of a currency; the base is worth one of itself."""
        return Decimal(1) if currency == self.base else self.rates.get(currency)


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in another currency, and by what it was converted."""

    amount: Decimal
    rated_on: date
    rate: Decimal
    """Of the one currency in the other, to twelve digits, to be shown; it is computed with fractions."""


def convert(
    amount: Decimal, currency: str, into: str, known: DayRates | None, day: date, most_days: int
) -> Converted:
    """Return what an amount is worth in another currency on a day, rounded once, half up.

    `known` are the last rates of both currencies on or before the day. Both are of one day: across the base
    no rate is mixed with another day's. Raises InvalidError where there is none, or where it is too old:
    nothing is guessed over a gap.
    """
    if currency == into:
        return Converted(_rounded(Fraction(amount), into), day, Decimal(1))
    if known is None:
        raise _no_rate(currency, into, day, "there is none on that day or before")
    age = (day - known.day).days
    if age > most_days:
        raise _no_rate(currency, into, day, f"the last one is of {known.day}, {age} days before")
    source, target = known.of(currency), known.of(into)
    if source is None or target is None:
        raise ValueError(f"rates of {known.day} lack {currency} or {into}")
    rate = Fraction(target) / Fraction(source)
    if abs(Fraction(amount) * rate) >= LARGEST:
        raise InvalidError("amount_too_large", f"No amount is worth as much as {LARGEST} {into}.")
    shown = Decimal(rate.numerator) / Decimal(rate.denominator)
    return Converted(_rounded(Fraction(amount) * rate, into), known.day, Decimal(f"{shown:.12g}"))


def _rounded(exact: Fraction, currency: str) -> Decimal:
    """Round to the minor unit, half away from zero, as `round_amount` does, without a detour by decimals."""
    places = minor_units(currency)
    doubled = abs(exact) * 10**places * 2
    units = (doubled + 1) // 2
    return Decimal(-units if exact < 0 else units).scaleb(-places)


def _no_rate(currency: str, into: str, day: date, why: str) -> InvalidError:
    return InvalidError(
        "no_rate",
        f"There is no rate to convert {currency} to {into} on {day}: {why}. None is guessed.",
        errors=[FieldError("/query/day", f"no rate of {currency} and {into}")],
    )
