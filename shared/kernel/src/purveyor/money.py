"""Amounts of money: decimals with a currency, rounded to the currency's minor unit (ISO 4217)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Annotated

from iso4217 import Currency
from pydantic import AfterValidator, BaseModel, ConfigDict, Field


@cache
def minor_units(currency: str) -> int:
    """Return how many decimals a currency's amounts have (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD.

    Raises ValueError for a code that ISO 4217 does not list.
    """
    try:
        exponent = Currency(currency).exponent
    except ValueError:
        raise ValueError(f"{currency!r} is not an ISO 4217 currency code, such as EUR") from None
    return exponent if exponent is not None else 0


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """Round an amount to its currency's minor unit, half up, as invoices do (EN 16931, BR-DEC)."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), ROUND_HALF_UP)


def _known_currency(code: str) -> str:
    minor_units(code)
    return code


CurrencyCode = Annotated[
    str,
    Field(min_length=3, max_length=3, description="ISO 4217 code", examples=["EUR"]),
    AfterValidator(_known_currency),
]


class Money(BaseModel):
    """An amount in a currency; the amount travels as a decimal string, never as a float."""

    model_config = ConfigDict(frozen=True)

    amount: Decimal = Field(examples=["12.50"], max_digits=24, decimal_places=6)
    currency: CurrencyCode
