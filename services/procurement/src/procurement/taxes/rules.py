"""What a tax code can be, what it says of a day, and which part of a tax is got back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from procurement.amounts.rules.categories import RATED, TaxCategory
from procurement.amounts.rules.documents import Taxation
from procurement.amounts.rules.lines import percentage
from procurement.periods import why_not_valid
from purveyor.errors import FieldError, InvalidError

NOTHING = Decimal(0)
REVERSED = frozenset({TaxCategory.REVERSE_CHARGE, TaxCategory.INTRA_COMMUNITY})
"""Where the buyer owes the tax: domestic reverse charge, and acquisition from another member state."""


@dataclass(frozen=True, slots=True)
class Period:
    """What a tax code says from a day on, until a day."""

    valid_from: date
    valid_to: date | None
    rate: Decimal
    recoverable_part: Decimal


@dataclass(frozen=True, slots=True)
class TaxCode:
    """A category of EN 16931, and its rates by period.

    Under reverse charge the rate is what the buyer owes; the supplier's document says 0 %.
    """

    category: TaxCategory
    reverse_charge: bool
    periods: tuple[Period, ...]

    @classmethod
    def of(cls, category: str, reverse_charge: bool, periods: Sequence[Mapping[str, Any]]) -> TaxCode:
        """Return a code as it is kept."""
        return cls(
            TaxCategory(category),
            reverse_charge,
            tuple(
                Period(
                    valid_from=date.fromisoformat(one["valid_from"]),
                    valid_to=date.fromisoformat(one["valid_to"]) if one["valid_to"] else None,
                    rate=Decimal(one["rate"]),
                    recoverable_part=Decimal(one["recoverable_part"]),
                )
                for one in periods
            ),
        )

    def on(self, day: date) -> Period | None:
        """Return what holds on a day; None where nothing does: a rate is never guessed."""
        holding = (one for one in self.periods if not why_not_valid(one.valid_from, one.valid_to, day))
        return next(holding, None)

    def taxation(self, day: date) -> Taxation | None:
        """Return how a supplier's document of a day is taxed."""
        period = self.on(day)
        if period is None:
            return None
        return Taxation(self.category, NOTHING if self.reverse_charge else period.rate)


def recoverable(tax: Decimal, recoverable_part: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """Return which part of a tax is got back and which one is a cost; they add up to it."""
    back = percentage(tax, recoverable_part, currency)
    return back, tax - back


def check_tax_code(code: TaxCode) -> None:
    """Raise InvalidError naming what a tax code cannot be."""
    if problems := list(_problems(code)):
        raise InvalidError("tax_code_invalid", "The tax code contradicts itself.", errors=problems)


def _problems(code: TaxCode) -> Iterator[FieldError]:
    if code.reverse_charge and code.category not in REVERSED:
        yield FieldError("/reverse_charge", f"is for the categories {', '.join(sorted(REVERSED))}")
    if code.category in REVERSED and not code.reverse_charge:
        yield FieldError(
            "/reverse_charge", f"in the category {code.category} the buyer owes the tax: say true"
        )
    before: Period | None = None
    for place, one in enumerate(code.periods):
        where = f"/periods/{place}"
        if one.valid_to is not None and one.valid_to < one.valid_from:
            yield FieldError(f"{where}/valid_to", f"lies before valid_from, {one.valid_from}")
        if before and (before.valid_to is None or before.valid_to >= one.valid_from):
            ends = before.valid_to or "never"
            why = f"the period before ends {ends}: name the earliest first, and let each end before the next"
            yield FieldError(f"{where}/valid_from", why)
        if one.rate and code.category not in RATED | REVERSED:
            yield FieldError(f"{where}/rate", f"is 0 in the category {code.category} (EN 16931)")
        if not one.rate and code.category is TaxCategory.STANDARD:
            yield FieldError(f"{where}/rate", "is above 0 in the category S (BR-S-05); Z is the one of 0 %")
        before = one


@dataclass(frozen=True, slots=True)
class TaxRate:
    """How a tax code taxed a document of a day: kept with the document, whatever the code says later."""

    code: str
    category: str
    rate: Decimal


def rates_on(
    day: date, named: Iterable[tuple[str, str | None]], known: Mapping[str, TaxCode]
) -> tuple[TaxRate, ...]:
    """Return how tax codes tax a document of a day, each once; `named` are the pointers that name them.

    Raises InvalidError naming each that does not exist, or has no rate on that day.
    """
    problems, rates = [], {}
    for pointer, code in named:
        if code is None:
            continue
        found = known.get(code)
        taxation = found.taxation(day) if found else None
        if found is None:
            problems.append(
                FieldError(pointer, f"no tax code {code} exists; PUT /v1/tax-codes/{code} creates it")
            )
        elif taxation is None:
            problems.append(FieldError(pointer, f"{code} says no rate of {day}"))
        else:
            rates[code] = TaxRate(code, taxation.category, taxation.rate)
    if problems:
        raise InvalidError(
            "tax_codes_not_valid", "The order names tax codes that say nothing of its day.", errors=problems
        )
    return tuple(rates[code] for code in sorted(rates))
