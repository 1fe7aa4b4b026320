"""Which of the prices that contracts give holds for what is bought: the nearest one, in its tier."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from purveyor.money import round_amount


class ContractStatus(StrEnum):
    """Where a contract stands, as far as buying by it goes."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Tier:
    """What a quantity costs, all of it, when it lies in a range."""

    from_quantity: Decimal
    below: Decimal | None
    price: Decimal

    def holds(self, quantity: Decimal) -> bool:
        """Whether a quantity lies in it."""
        return self.from_quantity <= quantity and (self.below is None or quantity < self.below)

    def said(self) -> str:
        """Return it in words."""
        return f"from {self.from_quantity:f}" + ("" if self.below is None else f" to below {self.below:f}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be bought, as far as its price goes by it."""

    item: str
    categories: Sequence[str]
    """What it is of, and all that lies above, the nearest first."""
    site: str | None
    unit: str
    quantity: Decimal
    currency: str
    day: date


@dataclass(frozen=True, slots=True)
class Priced:
    """A line of a price list, on the days on which it holds."""

    contract_id: UUID
    contract_number: str
    edition: int
    status: ContractStatus
    currency: str
    number: int
    category: str
    item: str | None
    site: str | None
    unit: str
    price_base_quantity: Decimal
    pack_quantity: Decimal | None
    least_quantity: Decimal | None
    tiers: Sequence[Tier]
    valid_from: date
    valid_to: date

    def prices(self, wanted: Wanted) -> bool:
        """Whether it is of what is wanted, on its day."""
        of_it = self.item == wanted.item if self.item is not None else self.category in wanted.categories
        return of_it and self.valid_from <= wanted.day <= self.valid_to

    def fits(self, wanted: Wanted) -> bool:
        """Whether it holds for what is wanted, as it is wanted."""
        return (
            self.prices(wanted)
            and self.status is ContractStatus.ACTIVE
            and self.unit == wanted.unit
            and self.currency == wanted.currency
            and self.site in {None, wanted.site}
        )


@dataclass(frozen=True, slots=True)
class ContractPrice:
    """The price that holds, and how it was found."""

    line: Priced
    tier: Tier
    amount: Decimal
    arithmetic: Sequence[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """The price of what was asked for; or why there is none."""

    price: ContractPrice | None
    why_none: str | None


def nearest(found: Collection[Priced], wanted: Wanted) -> Priced | None:
    """Return the line that holds: the item's before its category's, the nearer category's, the site's.

    Versions share no day, and no two contracts of a supplier price the same on one, so there is one.
    """
    fitting = [one for one in found if one.fits(wanted)]
    return min(fitting, key=lambda one: _distance(one, wanted), default=None)


def why_none(found: Collection[Priced], wanted: Wanted) -> str:
    """Return why no line of the ones found holds."""
    of_it = [one for one in found if one.prices(wanted)]
    if not of_it:
        return "No contract prices it on that day."
    one = min(of_it, key=lambda line: _distance(line, wanted))
    if one.status is not ContractStatus.ACTIVE:
        return f"Contract {one.contract_number} prices it and is {one.status}."
    differing = [
        f"{name} {theirs}"
        for name, theirs, ours in (
            ("the unit", one.unit, wanted.unit),
            ("the currency", one.currency, wanted.currency),
            ("the site", one.site, wanted.site),
        )
        if theirs != ours and theirs is not None
    ]
    return f"Contract {one.contract_number} prices it for {', '.join(differing)}."


def quantity_problem(line: Priced, quantity: Decimal) -> str | None:
    """Return why so much of a line is not sold; None when it is."""
    if line.least_quantity is not None and quantity < line.least_quantity:
        return f"contract {line.contract_number} sells {line.least_quantity:f} or more"
    if line.pack_quantity is not None and quantity % line.pack_quantity != 0:
        return f"contract {line.contract_number} sells whole packs of {line.pack_quantity:f}"
    return None


def price_of(line: Priced, quantity: Decimal) -> ContractPrice:
    """Return what a quantity costs by a line, and the arithmetic in words."""
    tier = next(one for one in line.tiers if one.holds(quantity))
    base = line.price_base_quantity
    amount = round_amount(quantity * tier.price / base, line.currency)
    of = f"item {line.item}" if line.item is not None else f"category {line.category}"
    arithmetic = [
        f"Line {line.number} of contract {line.contract_number}, version {line.edition}: {of}, "
        f"{'any site' if line.site is None else f'site {line.site}'}, "
        f"from {line.valid_from} to {line.valid_to}",
        f"{quantity:f} {line.unit} lies in the tier {tier.said()}: {tier.price:f} {line.currency} "
        f"per {base:f}",
        f"{quantity:f} × {tier.price:f} ÷ {base:f} = {amount:f} {line.currency}",
    ]
    return ContractPrice(line, tier, amount, arithmetic)


def _distance(line: Priced, wanted: Wanted) -> tuple[bool, int, bool]:
    categories = list(wanted.categories)
    depth = categories.index(line.category) if line.item is None and line.category in categories else 0
    return line.item is None, depth, line.site is None
