"""Exchange rates in SQL: written by the thousand, and the last ones of two currencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.rates.rules import DayRates
from purveyor.db import Transaction
from purveyor.sql import Statement, columnwise


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of a currency one unit of the base was worth, on a day, as a source says."""

    source: str
    base: str
    currency: str
    day: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Pair:
    """The rates of two currencies on one day; null for the base itself."""

    day: date
    first: Decimal | None
    second: Decimal | None


KEY = "source, base, currency, day"
STATED = """
unnest(:source::text[], :base::text[], :currency::text[], :day::date[], :rate::numeric[])
AS stated (source, base, currency, day, rate)
"""
LOCK = Statement(
    Rate,
    """
    SELECT known.source, known.base, known.currency, known.day, known.rate
    FROM exchange_rate AS known JOIN (SELECT {key} FROM {stated}) AS asked USING ({key})
    ORDER BY {key} FOR UPDATE OF known
    """,
    key=KEY,
    stated=STATED,
)
INSERT = Statement(
    Rate,
    """
    INSERT INTO exchange_rate ({key}, rate, recorded_by, recorded_at)
    SELECT {key}, rate, :actor, :now FROM {stated} ORDER BY {key}
    ON CONFLICT DO NOTHING
    RETURNING {key}, rate
    """,
    key=KEY,
    stated=STATED,
)
CORRECT: Statement[None] = Statement(
    lambda **_: None,
    """
    UPDATE exchange_rate AS known SET rate = stated.rate, recorded_by = :actor, recorded_at = :now
    FROM {stated}
    WHERE known.source = stated.source AND known.base = stated.base
      AND known.currency = stated.currency AND known.day = stated.day
    """,
    stated=STATED,
)
LAST_OF_ONE = Statement(
    Pair,
    """
    SELECT day, rate AS first, NULL::numeric AS second FROM exchange_rate
    WHERE source = :source AND base = :base AND currency = :first AND day <= :day
    ORDER BY day DESC LIMIT 1
    """,
)
LAST_OF_TWO = Statement(
    Pair,
    """
    SELECT one.day, one.rate AS first, other.rate AS second
    FROM exchange_rate AS one JOIN exchange_rate AS other USING (source, base, day)
    WHERE source = :source AND base = :base AND day <= :day
      AND one.currency = :first AND other.currency = :second
    ORDER BY day DESC LIMIT 1
    """,
)


async def lock(tx: Transaction, rates: Sequence[Rate]) -> list[Rate]:
    """Lock those of some rates that are known, to be compared or corrected."""
    return await LOCK.all(tx.connection, columnwise(rates, Rate.__slots__))


async def insert(tx: Transaction, rates: Sequence[Rate]) -> list[Rate]:
    """Write rates that are not known yet; return those that were written."""
    return await INSERT.all(tx.connection, columnwise(rates, Rate.__slots__), actor=tx.actor, now=tx.now)


async def correct(tx: Transaction, rates: Sequence[Rate]) -> None:
    """Write locked rates as they are stated now."""
    await CORRECT.all(tx.connection, columnwise(rates, Rate.__slots__), actor=tx.actor, now=tx.now)


async def last_rates(
    tx: Transaction, source: str, base: str, currencies: Sequence[str], day: date
) -> DayRates | None:
    """Return the last rates of currencies on or before a day, all of one day; the base needs none."""
    asked = [one for one in currencies if one != base]
    known = {"source": source, "base": base, "first": asked[0], "day": day}
    if len(asked) == 1:
        pair = await LAST_OF_ONE.one_or_none(tx.connection, known)
    else:
        pair = await LAST_OF_TWO.one_or_none(tx.connection, known, second=asked[1])
    if pair is None:
        return None
    rates = {asked[0]: pair.first} | ({asked[1]: pair.second} if asked[1:] else {})
    return DayRates(pair.day, base, {one: rate for one, rate in rates.items() if rate is not None})
