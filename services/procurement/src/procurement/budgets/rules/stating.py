"""What a budget states: for what, in which days, how much; and what it cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from procurement.periods import why_not_valid
from purveyor.errors import ConflictError, FieldError, InvalidError
from purveyor.money import minor_units, round_amount, why_not_owed

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StatedPeriod:
    """A part of a budget's days, and how much may be taken in it."""

    first_day: date
    last_day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a budget is for: a cost centre or a project, and a category with all that lies in it, or all."""

    cost_centre: str | None
    project: str | None
    category: str | None

    def __str__(self) -> str:
        """Say it."""
        place = f"cost centre {self.cost_centre}" if self.project is None else f"project {self.project}"
        return f"{place}, {f'category {self.category}' if self.category else 'all categories'}"


@dataclass(frozen=True, slots=True)
class Stated:
    """A budget as its author states it."""

    name: str
    purpose: Purpose
    currency: str
    accumulates: bool
    periods: tuple[StatedPeriod, ...]
    reason: str

    @property
    def first_day(self) -> date:
        """The first day on which something is taken from it."""
        return self.periods[0].first_day

    @property
    def last_day(self) -> date:
        """The last one."""
        return self.periods[-1].last_day

    def content(self) -> dict[str, Any]:
        """Return what it states, for the audit trail."""
        return {
            "name": self.name,
            "for": str(self.purpose),
            "currency": self.currency,
            "accumulates": self.accumulates,
            "periods": [[one.first_day, one.last_day, one.amount] for one in self.periods],
        }


def check_stated(stated: Stated) -> None:
    """Raise InvalidError naming all that a budget cannot say."""
    if problems := [*_place_problems(stated.purpose), *_period_problems(stated)]:
        raise InvalidError("budget_invalid", "The budget breaks rules.", errors=problems)


def _place_problems(purpose: Purpose) -> Iterator[FieldError]:
    if (purpose.cost_centre is None) == (purpose.project is None):
        yield FieldError("/cost_centre", "name a cost centre or a project, and not both")


def _period_problems(stated: Stated) -> Iterator[FieldError]:
    expected: date | None = None
    for index, one in enumerate(stated.periods):
        at = f"/periods/{index}"
        if one.last_day < one.first_day:
            yield FieldError(f"{at}/last_day", f"lies before its first day, {one.first_day}")
        if expected is not None and one.first_day != expected:
            yield FieldError(f"{at}/first_day", f"follows on the period before: {expected}")
        if one.amount != round_amount(one.amount, stated.currency):
            yield FieldError(f"{at}/amount", f"{stated.currency} has {minor_units(stated.currency)} decimals")
        expected = one.last_day + DAY
    if why := why_not_owed(stated.currency, stated.first_day):
        yield FieldError("/currency", why)


def check_place(
    purpose: Purpose, known: bool, valid_from: date | None, valid_to: date | None, first: date, last: date
) -> None:
    """Raise InvalidError for a cost centre or a project that is not there on any of a budget's days."""
    name, code = ("project", purpose.project) if purpose.project else ("cost_centre", purpose.cost_centre)
    if not known:
        path = {"project": "projects", "cost_centre": "cost-centres"}[name]
        why: str | None = f"no {name.replace('_', ' ')} {code} exists; PUT /v1/{path}/{code} creates it"
    else:
        nearest = first if valid_from is None else max(first, min(valid_from, last))
        why = why_not_valid(valid_from, valid_to, nearest)
    if why:
        raise InvalidError(
            "organisation_not_valid",
            "The budget is for what is not there on its days.",
            errors=[FieldError(f"/{name}", why)],
        )


def check_same_purpose(before: Stated, after: Stated) -> None:
    """Raise InvalidError for another version of an approved budget that is for something else.

    What was taken was for what it said: for other things, in other days or another currency there is another
    budget.
    """
    problems = [
        FieldError(f"/{name}", f"stays {getattr(before.purpose, name) or 'left out'}")
        for name in Purpose.__slots__
        if getattr(before.purpose, name) != getattr(after.purpose, name)
    ]
    problems += [
        FieldError(f"/{name}", f"stays {getattr(before, name)}")
        for name in ("currency", "accumulates")
        if getattr(before, name) != getattr(after, name)
    ]
    days, now = ([(one.first_day, one.last_day) for one in each.periods] for each in (before, after))
    if days != now:
        problems.append(FieldError("/periods", "stay the same days; their amounts may change"))
    if problems:
        raise InvalidError("budget_invalid", "An approved budget stays for what it is for.", errors=problems)


def check_apart(number: str, purpose: Purpose, others: Sequence[tuple[str, date, date]]) -> None:
    """Raise ConflictError for a budget that overlaps with others that are for the same thing."""
    if others:
        named = "; ".join(f"{other}, {first} to {last}" for other, first, last in others)
        raise ConflictError(
            "budgets_overlap",
            f"{number} is for {purpose}, as is: {named}. Of two, nobody knows which one is meant.",
            overlaps=[other for other, _, _ in others],
        )
