"""Amounts of money: decimals with a currency, rounded to the currency's minor unit (ISO 4217)."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Annotated

from iso4217 import Currency
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from purveyor.currencies import WITHDRAWN
from purveyor.texts import TextKind


@cache
def minor_units(currency: str) -> int:
    """Return how many decimals a currency's amounts have (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD.

    Raises ValueError for a code that ISO 4217 does not list, and that is no currency of the past.
    """
    if currency in WITHDRAWN:
        return WITHDRAWN[currency].minor_units
    try:
        exponent = Currency(currency).exponent
    except ValueError:
        raise ValueError(f"{currency!r} is not an ISO 4217 currency code, such as EUR") from None
    return exponent if exponent is not None else 0


def why_not_owed(currency: str, day: date) -> str | None:
    """Return why nothing is owed in a currency on a day any more; None when it may be."""
    gone = WITHDRAWN.get(currency)
    if gone is None or day <= gone.until:
        return None
    return f"{currency} was withdrawn on {gone.until}; say it in {gone.successor}"


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """Round an amount to its currency's minor unit, half up, as invoices do (EN 16931, BR-DEC)."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), ROUND_HALF_UP)


def _listed(code: str) -> str:
    minor_units(code)
    return code


def _owed(stated: str) -> str:
    code = stated.upper() if stated.isascii() else stated
    minor_units(code)
    if code not in WITHDRAWN and Currency(code).exponent is None:
        raise ValueError(
            f"{code} has no minor unit in ISO 4217: it is metal, a unit of account between banks or no "
            "currency at all, and no amount is owed in it; say which currency, such as EUR"
        )
    return code


CurrencyCode = Annotated[
    str,
    TextKind(3, form="NFKC", shortest=3),
    Field(description="ISO 4217 code", examples=["EUR"]),
    AfterValidator(_owed),
]
"""A currency that somebody states: one that amounts are owed in."""


class Money(BaseModel):
    """An amount in a currency; the amount travels as a decimal string, never as a float."""

    model_config = ConfigDict(frozen=True)

    amount: Decimal = Field(examples=["12.50"], max_digits=24, decimal_places=6)
    currency: Annotated[
        str,
        Field(min_length=3, max_length=3, description="ISO 4217 code", examples=["EUR"]),
        AfterValidator(_listed),
    ]
