"""What spend is, as sourcing knows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Spent:
    """What was ordered of a supplier in a category, in one currency."""

    supplier_id: UUID
    category: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Window:
    """The days whose orders count, both bounds in it."""

    first: date
    last: date


def window(last: date, days: int) -> Window:
    """Return the days up to one, so many in all."""
    return Window(last - timedelta(days=days - 1), last)


def of_present(spent: Iterable[Spent], present: Mapping[UUID, UUID]) -> list[Spent]:
    """Return spend with each supplier as who it is at present: what was ordered of one that was merged."""
    return [replace(one, supplier_id=present.get(one.supplier_id, one.supplier_id)) for one in spent]


def in_currency(spent: Iterable[Spent], reporting: str | None, rates: Mapping[str, Decimal]) -> list[Spent]:
    """Return spend in one currency as far as rates are stated for it; other currencies stay what they are.

    No rate is guessed (ADR 33): two currencies are never added without one.
    """
    return [
        replace(one, currency=reporting, amount=one.amount * rates[one.currency])
        if reporting is not None and one.currency in rates
        else one
        for one in spent
    ]


def by_category(
    spent: Iterable[Spent], above: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], dict[UUID, Decimal]]:
    """Return by category and currency what was spent in it and in all that lies in it, by supplier."""
    found: dict[tuple[str, str], dict[UUID, Decimal]] = {}
    for one in spent:
        for category in (one.category, *above.get(one.category, ())):
            of_category = found.setdefault((category, one.currency), {})
            of_category[one.supplier_id] = of_category.get(one.supplier_id, Decimal(0)) + one.amount
    return found


def total_by_currency(spent: Collection[Spent]) -> dict[str, Decimal]:
    """Return what was spent in all, each currency by itself."""
    found: dict[str, Decimal] = {}
    for one in spent:
        found[one.currency] = found.get(one.currency, Decimal(0)) + one.amount
    return found
