"""Reads of exchange rates: lists, conversions, and the policy of how old a rate may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from procurement.rates import rules, store
from procurement.rates.model import ExchangeRate
from procurement.rates.rules import Converted, RateAge
from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor.pages import PageRequest, Sort
from purveyor.policies import Policy

RATE_AGE = Policy(
    "rate-age",
    RateAge,
    "How many days old the last exchange rate may be that a day is converted by",
)
LATEST_FIRST = Sort(
    "-day,-source,-base,-currency",
    ExchangeRate.day,
    ExchangeRate.source,
    ExchangeRate.base,
    ExchangeRate.currency,
    descending=True,
)


@dataclass(frozen=True, slots=True)
class RateFilter:
    """What rates to list; None means any."""

    source: str | None = None
    base: str | None = None
    currency: str | None = None
    day_from: date | None = None
    day_to: date | None = None


async def find_rates(tx: Transaction, wanted: RateFilter, page: PageRequest) -> list[ExchangeRate]:
    """Return rates, the latest first."""
    statement = select(ExchangeRate)
    for column, value in (
        (ExchangeRate.source, wanted.source),
        (ExchangeRate.base, wanted.base),
        (ExchangeRate.currency, wanted.currency),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.day_from is not None:
        statement = statement.where(ExchangeRate.day >= wanted.day_from)
    if wanted.day_to is not None:
        statement = statement.where(ExchangeRate.day <= wanted.day_to)
    return list(await tx.session.scalars(LATEST_FIRST.select(statement, page)))


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
