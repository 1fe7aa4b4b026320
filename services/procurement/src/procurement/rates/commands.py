"""What can be done with exchange rates: they are recorded, by the thousand, and corrected one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from procurement.rates import store
from procurement.rates.store import Rate
from purveyor.db import Transaction
from purveyor.errors import ConflictError, FieldError, InvalidError, ProblemError

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class StatedRate:
    """A rate as somebody states it, and whether it takes the place of one that was wrong."""

    rate: Rate
    corrects: bool = False


async def record_rates(
    tx: Transaction, stated: Sequence[StatedRate]
) -> list[Literal["created", "updated", "unchanged"] | ProblemError]:
    """Record rates; what speaks against one is returned in its place.

    A rate is what its source said: another one of the same day is refused, unless it is said to correct it.
    """
    outcomes: list[Literal["created", "updated", "unchanged"] | ProblemError] = []
    new = {_key(one.rate): one.rate for one in reversed(stated) if one.rate.base != one.rate.currency}
    created = {_key(rate) for rate in await store.insert(tx, list(new.values()))}
    known = {_key(rate): rate.rate for rate in await store.lock(tx, [one.rate for one in stated])}
    corrections: dict[Key, Rate] = {}
    for one in stated:
        key = _key(one.rate)
        if one.rate.base == one.rate.currency:
            outcomes.append(_of_itself())
        elif key in created:
            created.remove(key)
            tx.audit("record", "exchange_rate", _name(one.rate), after={"rate": one.rate.rate})
            outcomes.append("created")
        elif known[key] == one.rate.rate:
            outcomes.append("unchanged")
        elif one.corrects:
            before, after = {"rate": known[key]}, {"rate": one.rate.rate}
            tx.audit("correct", "exchange_rate", _name(one.rate), before=before, after=after)
            corrections[key], known[key] = one.rate, one.rate.rate
            outcomes.append("updated")
        else:
            outcomes.append(_differs(one.rate, known[key]))
    if corrections:
        await store.correct(tx, list(corrections.values()))
    return outcomes


def _key(rate: Rate) -> Key:
    return rate.source, rate.base, rate.currency, rate.day


def _name(rate: Rate) -> str:
    return f"{rate.source} {rate.base}/{rate.currency} {rate.day}"


def _of_itself() -> ProblemError:
    why = "is the base itself"
    return InvalidError("rate_of_itself", f"The currency {why}.", errors=[FieldError("/currency", why)])


def _differs(rate: Rate, known: Decimal) -> ProblemError:
    why = f"{rate.source} said {known:f} of that day; say corrects: true if that was wrong"
    return ConflictError("rate_differs", f"{why}.", errors=[FieldError("/rate", why)])
