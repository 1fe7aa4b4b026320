"""What documents take from budgets, and give back: which budget covers a line, and what it held."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

from procurement.budgets.rules.figures import Figures
from purveyor.duties import expect_another
from purveyor.money import round_amount

DocumentKind = Literal["requisition", "order", "invoice"]
OVERRIDDEN_BY_ANOTHER = "Who wrote a document does not let it take more than a budget leaves."
"""Why (COSO: segregation of duties)."""


class Effect(StrEnum):
    """What of a budget an amount is taken as."""

    RESERVED = "reserved"
    COMMITTED = "committed"
    SPENT = "spent"

    def figures(self, amount: Decimal) -> Figures:
        """Return what an amount adds to a budget's figures."""
        return Figures(**{self.value: amount})


class EntryKind(StrEnum):
    """What an entry of the ledger says."""

    BUDGET = "budget"
    RESERVE = "reserve"
    COMMIT = "commit"
    SPEND = "spend"
    RELEASE = "release"
    TRANSFER = "transfer"
    REVALUATION = "revaluation"
    CARRY_OVER = "carry_over"


TAKEN_BY: Mapping[Effect, EntryKind] = {
    Effect.RESERVED: EntryKind.RESERVE,
    Effect.COMMITTED: EntryKind.COMMIT,
    Effect.SPENT: EntryKind.SPEND,
}


@dataclass(frozen=True, slots=True)
class Document:
    """A document that takes from budgets; its amounts are converted by the rates of its day."""

    kind: DocumentKind
    id: UUID
    number: str
    currency: str
    day: date
    business_unit: str
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Charged:
    """What a line is charged to; a line that is split has several."""

    line_number: int
    cost_centre: str
    project: str | None
    category: str


@dataclass(frozen=True, slots=True)
class Move:
    """What a document takes for a line beyond what it held, or below zero gives back, in its currency."""

    document: Document
    charged: Charged
    effect: Effect
    amount: Decimal
    converted_into: EntryKind | None = None
    """Of what is given back since another document takes it: as what."""
    valued_on: date | None = None
    """Of what is consumed at the rates of another day: what those change is an entry of its own."""


@dataclass(frozen=True, slots=True)
class Position:
    """What a document's line holds of a period of a budget: the sum of its entries."""

    budget_id: UUID
    period: int
    document_kind: DocumentKind
    document_id: UUID
    document_number: str
    document_currency: str
    line_number: int
    cost_centre: str
    project: str | None
    category: str
    document_amount: Decimal
    reserved: Decimal
    committed: Decimal
    spent: Decimal

    @property
    def charged(self) -> Charged:
        """What the line is charged to."""
        return Charged(self.line_number, self.cost_centre, self.project, self.category)

    def held(self, effect: Effect) -> Decimal:
        """Return what it holds as such."""
        amount: Decimal = getattr(self, effect.value)
        return amount


@dataclass(frozen=True, slots=True)
class Given:
    """What a position gives back, in its document's currency and in the budget's."""

    position: Position
    document_amount: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Covering:
    """A budget that covers something on a day."""

    id: UUID
    number: str
    cost_centre: str | None
    project: str | None
    category: str | None
    period: int
    closed: bool


def differences(
    document: Document, effect: Effect, before: Mapping[Charged, Decimal], after: Mapping[Charged, Decimal]
) -> list[Move]:
    """Return what a document takes now and did not before, and what it gives back."""
    none = Decimal(0)
    return [
        Move(document, charged, effect, change)
        for charged in sorted({*before, *after}, key=lambda one: (one.line_number, str(one)))
        if (change := after.get(charged, none) - before.get(charged, none))
    ]


def covering(charged: Charged, categories: Sequence[str], budgets: Collection[Covering]) -> Covering | None:
    """Return the budget that a line takes from: the most precise that covers it.

    A project's before a cost centre's; of these one for the category, or the nearest that it lies in, before
    one for all. `categories` are the line's and those that it lies in, the nearest first.
    """
    places = {name: at for at, name in enumerate((*categories, None))}

    def precision(one: Covering) -> tuple[bool, int]:
        return one.project is None, places[one.category]

    found = [
        one
        for one in budgets
        if one.category in places
        and (one.project == charged.project if one.project else one.cost_centre == charged.cost_centre)
    ]
    return min(found, key=precision, default=None)


def given_back(
    positions: Sequence[Position], effect: Effect, amount: Decimal, currencies: Mapping[UUID, str]
) -> Iterator[Given]:
    """Return what positions give back of an amount of their document, the first ones first.

    A part gives back its share, rounded; the last part of a position all that is left, so that nothing stays.
    No more is given back than is held: what was never covered by a budget gives nothing back.
    """
    wanted = amount
    for position in positions:
        if wanted <= 0:
            return
        held = position.held(effect)
        if position.document_amount <= 0 or held == 0:
            continue
        part = min(position.document_amount, wanted)
        wanted -= part
        if part == position.document_amount:
            yield Given(position, part, held)
            continue
        share = held * part / position.document_amount
        yield Given(position, part, round_amount(share, currencies[position.budget_id]))


def check_overrider(by: str, authors: Collection[str]) -> None:
    """Raise ForbiddenError for who wrote the document that is to take more."""
    expect_another(by, authors, OVERRIDDEN_BY_ANOTHER)
