"""When an amount falls due, in which parts, and what is taken off it for paying early."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from procurement.amounts.rules.lines import percentage
from procurement.amounts.rules.spread import spread
from purveyor.errors import FieldError, InvalidError

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of an amount, and when it falls due: so many days on, from or to the end of a month."""

    percent: Decimal
    days: int
    from_end_of_month: bool = False
    to_end_of_month: bool = False

    def due_on(self, day: date) -> date:
        """Return when it falls due, counted from a day (mostly the invoice's)."""
        begins = end_of_month(day) if self.from_end_of_month else day
        falls = begins + timedelta(self.days)
        return end_of_month(falls) if self.to_end_of_month else falls


@dataclass(frozen=True, slots=True)
class Discount:
    """What is taken off for paying within so many days."""

    percent: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """In which parts an amount is paid, and what early payment takes off it."""

    instalments: tuple[Instalment, ...]
    discounts: tuple[Discount, ...] = ()

    @classmethod
    def of(
        cls, instalments: Sequence[Mapping[str, Any]], discounts: Sequence[Mapping[str, Any]]
    ) -> PaymentTerms:
        """Return terms as they are kept."""
        return cls(
            tuple(Instalment(**one | {"percent": Decimal(one["percent"])}) for one in map(dict, instalments)),
            tuple(Discount(Decimal(one["percent"]), one["days"]) for one in discounts),
        )


@dataclass(frozen=True, slots=True)
class Due:
    """What falls due on a day."""

    on: date
    amount: Decimal


def end_of_month(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def due(terms: PaymentTerms, day: date, amount: Decimal, currency: str) -> list[Due]:
    """Return when which part of an amount falls due, counted from a day; the parts add up to the cent."""
    parts = spread(amount, {n: one.percent for n, one in enumerate(terms.instalments)}, currency)
    falls = [Due(one.due_on(day), parts[n]) for n, one in enumerate(terms.instalments)]
    return sorted(falls, key=lambda one: one.on)


def discount(terms: PaymentTerms, day: date, paid_on: date, amount: Decimal, currency: str) -> Decimal:
    """Return what is taken off an amount that is paid on a day: the highest discount still open then."""
    open_ = [one.percent for one in terms.discounts if paid_on <= day + timedelta(one.days)]
    return percentage(amount, max(open_, default=Decimal(0)), currency)


def check_terms(terms: PaymentTerms) -> None:
    """Raise InvalidError naming what terms of payment cannot be."""
    if problems := list(_problems(terms)):
        raise InvalidError("terms_invalid", "The terms of payment contradict themselves.", errors=problems)


def _problems(terms: PaymentTerms) -> Iterator[FieldError]:
    whole = sum((one.percent for one in terms.instalments), Decimal(0))
    if whole != HUNDRED:
        yield FieldError("/instalments", f"add up to {whole:f} %, not to 100 %")
    before: Discount | None = None
    nets = [one.days for one in terms.instalments if not (one.from_end_of_month or one.to_end_of_month)]
    for place, one in enumerate(terms.discounts):
        if before and not (before.days < one.days and before.percent > one.percent):
            why = "takes no less for paying no later than the one before: name the earliest first"
            yield FieldError(f"/discounts/{place}", why)
        if nets and one.days >= min(nets):
            why = f"is for paying within {one.days} days, and {min(nets)} days on it falls due anyway"
            yield FieldError(f"/discounts/{place}/days", why)
        before = one
