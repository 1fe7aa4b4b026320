"""Reads of exchange rates: lists, conversions, and the policy of how old a rate may be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from procurement.rates import rules, store
from procurement.rates.model import ExchangeRate
from procurement.rates.rules import Converted, RateAge
from purveyor import policies
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from purveyor.money import CurrencyCode
from purveyor.policies import Policy
from purveyor.texts import Code

SOURCE, BASE = "ECB", "EUR"
"""Whose rates amounts are converted by where nobody says, as by default over HTTP."""

RATE_AGE = Policy(
    "rate-age",
    RateAge,
    "How many days old the last exchange rate may be that a day is converted by",
)
KEY = (ExchangeRate.day, ExchangeRate.source, ExchangeRate.base, ExchangeRate.currency)
RATES = Listing(
    name="exchange-rates",
    filters=(
        equal("source", Code, ExchangeRate.source, "Who says so", example="ECB"),
        equal("base", CurrencyCode, ExchangeRate.base, "What one unit is of", example="EUR"),
        equal("currency", CurrencyCode, ExchangeRate.currency, "What it is worth so much of", example="USD"),
        *between("day", Day, ExchangeRate.day, "Of this day"),
    ),
    sorts=both_ways("day", *KEY)[::-1],
)


async def find_rates(tx: Transaction, asked: Asked) -> Found[ExchangeRate]:
    """Return a page of rates."""
    return await find(tx, select(ExchangeRate), asked)


async def converted(
    tx: Transaction, amount: Decimal, currency: str, into: str, day: date, *, source: str, base: str
) -> Converted:
    """Return what an amount is worth in another currency on a day that has come.

    Raises InvalidError without a rate of that day, or of one before within what the policy allows.
    """
    if day > tx.day:
        why = f"lies in the future; today is {tx.day}"
        raise InvalidError(
            "no_rate", "No rate is known of a day to come.", errors=[FieldError("/query/day", why)]
        )
    age = (await policies.history(tx, RATE_AGE)).in_force(day).value
    known = None
    if currency != into:
        known = await store.last_rates(tx, source, base, [currency, into], day)
    return rules.convert(amount, currency, into, known, day, age.most_days)
