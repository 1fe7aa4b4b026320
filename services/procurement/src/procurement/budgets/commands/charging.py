"""Documents take from budgets and give back: reserved, committed, spent, each counted once.

What a document takes is always the difference to what it took before: `differences` of `rules.charging` makes
moves of both, and `settle` writes them, in the transaction that changes the document, whose row is locked. A
reservation is converted by two moves in one call: the requisition's, given back (`converted_into`), and the
order's, taken. So is a commitment by an invoice: the order's is consumed at the rates of the invoice's day
(`valued_on`), and spent is counted once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.budgets.commands.deciding import (
    check_not_exceeded,
    check_place,
    not_covered,
    with_override,
)
from procurement.budgets.commands.telling import tell
from procurement.budgets.queries import BUDGET_CONTROL
from procurement.budgets.rules.charging import (
    TAKEN_BY,
    Charged,
    Covering,
    Document,
    Effect,
    EntryKind,
    Given,
    Move,
    Position,
    covering,
    differences,
    given_back,
)
from procurement.budgets.rules.figures import Figures, changed
from procurement.budgets.store import ledger
from procurement.budgets.store.ledger import Entry, LockedBudget
from procurement.categories.rules import covering as categories_covering
from procurement.categories.store import above
from procurement.rates.queries import BASE, SOURCE, converted
from procurement.rates.rules import Converted
from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import BusyError, ConflictError, FieldError, InvalidError

NO_RATE = "no_rate"


@dataclass(slots=True)
class Charging:
    """What is about to be written: the budgets that are locked for it, and the entries so far."""

    budgets: Mapping[UUID, LockedBudget]
    on: date
    entries: list[Entry] = field(default_factory=list)

    def changes(self, budget_id: UUID) -> dict[int, Figures]:
        """Return what the entries add to a budget's periods."""
        added: dict[int, Figures] = defaultdict(Figures)
        for entry in self.entries:
            if entry.budget_id == budget_id:
                added[entry.period] += entry.adds
        return dict(added)


async def is_asked_for(tx: Transaction, *, in_use: bool | None = None) -> bool:
    """Whether documents have anything to do with budgets: there is one, or a policy was decided.

    `in_use` is whether there is one, where that is known.
    """
    if await ledger.in_use(tx) if in_use is None else in_use:
        return True
    history = await policies.history(tx, BUDGET_CONTROL)
    return any(version.number for version in history.versions)


async def settle(tx: Transaction, moves: Sequence[Move], on: date, *, is_so: bool = False) -> None:
    """Take from budgets, by the day that it is for, what documents want more, and give back what less.

    → BudgetReserved, BudgetCommitted, BudgetSpent, BudgetReleased, BudgetRevalued, BudgetExceeded. Who calls
    has asked whether budgets are asked for (`is_asked_for`). Raises ConflictError (`budget_exceeded`, with
    the arithmetic; `budget_closed`) and InvalidError (`budget_not_covered`, `no_rate`,
    `organisation_not_valid`); what gives back is never refused, nor what `is_so` whatever a budget says.
    """
    moves = _merged(moves)
    if not moves:
        return
    taking = [move for move in moves if move.amount > 0]
    giving = [move for move in moves if move.amount < 0]
    places = await _places(tx, taking, on)
    givers = {move.document.id for move in giving}
    held = await ledger.held_by(tx, givers) if givers else []
    budgets = {*(one.id for one in places.values()), *(one.budget_id for one in held)}
    charging = Charging(await ledger.locked(tx, budgets), on)
    if held:
        held = await ledger.held_by(tx, givers)
    for move in giving:
        await _give(tx, charging, move, held)
    if is_so:
        places = {move: one for move, one in places.items() if not charging.budgets[one.id].closed}
    else:
        await check_place(tx, list(places), on)
    await not_covered(tx, [move for move in taking if move not in places], on, is_so=is_so)
    for move, place in places.items():
        await _take(tx, charging, move, place)
    documents = {move.document.id: move.document for move in taking}
    await _judge_and_write(tx, charging, documents, is_so=is_so)


async def moves_to_hold(
    tx: Transaction, document: Document, effect: Effect, wanted: Mapping[Charged, Decimal]
) -> list[Move]:
    """Return the moves by which a document holds as much as is wanted, whatever it holds before.

    Its row is locked. Said twice, it is done once; what is not wanted is given back.
    """
    held: dict[Charged, Decimal] = defaultdict(Decimal)
    for position in await ledger.held_by(tx, [document.id]):
        if position.held(effect):
            held[position.charged] += position.document_amount
    return differences(document, effect, held, wanted)


async def _judge_and_write(
    tx: Transaction, charging: Charging, documents: Mapping[UUID, Document], *, is_so: bool
) -> None:
    for budget in charging.budgets.values():
        changes = charging.changes(budget.id)
        if not changes:
            continue
        exceeded = await check_not_exceeded(tx, budget, documents, changes, charging.on, is_so=is_so)
        charging.entries = with_override(charging.entries, budget.id, exceeded)
        budget.periods = changed(budget.periods, changes)
        tell(tx, budget, [one for one in charging.entries if one.budget_id == budget.id], exceeded)
    await write(tx, charging)


async def write(tx: Transaction, charging: Charging) -> None:
    """Write entries that were judged and told of their locked budgets."""
    if charging.entries:
        await ledger.write(tx, charging.budgets.values(), charging.entries)


def _merged(moves: Sequence[Move]) -> list[Move]:
    """Return moves with those of one line as one."""
    amounts: dict[Move, Decimal] = defaultdict(Decimal)
    for move in moves:
        amounts[replace(move, amount=Decimal(0))] += move.amount
    return [replace(move, amount=amount) for move, amount in amounts.items() if amount]


async def _places(tx: Transaction, taking: Sequence[Move], on: date) -> dict[Move, Covering]:
    """Return by which budget each of what is taken is covered, where one does."""
    if not taking:
        return {}
    centres = {move.charged.cost_centre for move in taking}
    projects = {move.charged.project for move in taking if move.charged.project is not None}
    budgets = await ledger.covering(tx, centres, projects, on)
    ancestors = await above(tx, {move.charged.category for move in taking}) if budgets else {}
    found = {
        move: covering(move.charged, categories_covering(move.charged.category, ancestors), budgets)
        for move in taking
    }
    return {move: place for move, place in found.items() if place is not None}


async def _take(tx: Transaction, charging: Charging, move: Move, place: Covering) -> None:
    budget = charging.budgets[place.id]
    if budget.closed:
        raise ConflictError(
            "budget_closed",
            f"{budget.number} covers {charging.on} and is closed: nothing more is taken from it.",
            budget_id=str(budget.id),
        )
    worth = await valued(tx, move.amount, move.document.currency, budget.currency, move.document.day)
    entry = _entry(charging, move, budget.id, place.period, TAKEN_BY[move.effect], worth.amount, move.amount)
    charging.entries.append(replace(entry, rate=worth.rate, rated_on=worth.rated_on))


async def _give(tx: Transaction, charging: Charging, move: Move, held: Sequence[Position]) -> None:
    """Give back of what a move's line holds, what was taken last first."""
    mine = [one for one in held if one.document_id == move.document.id and one.charged == move.charged]
    if any(one.budget_id not in charging.budgets for one in mine):
        raise BusyError
    currencies = {one.id: one.currency for one in charging.budgets.values()}
    kind = move.converted_into or EntryKind.RELEASE
    for given in given_back(mine, move.effect, -move.amount, currencies):
        value = await _revalued(tx, charging, move, given)
        at = given.position
        charging.entries.append(
            _entry(charging, move, at.budget_id, at.period, kind, -value, -given.document_amount)
        )


async def _revalued(tx: Transaction, charging: Charging, move: Move, given: Given) -> Decimal:
    """Return what is given back is worth by now, and write what later rates have changed of it."""
    at = given.position
    budget = charging.budgets[at.budget_id]
    if move.valued_on is None or at.document_currency == budget.currency:
        return given.amount
    worth = await valued(tx, given.document_amount, at.document_currency, budget.currency, move.valued_on)
    if worth.amount != given.amount:
        kind, change = EntryKind.REVALUATION, worth.amount - given.amount
        entry = _entry(charging, move, at.budget_id, at.period, kind, change, Decimal(0))
        charging.entries.append(replace(entry, rate=worth.rate, rated_on=worth.rated_on))
    return worth.amount


async def valued(tx: Transaction, amount: Decimal, currency: str, into: str, day: date) -> Converted:
    """Return what an amount is worth in a budget's currency on a day; raises InvalidError without a rate.

    A day that has begun at a site and not in UTC has the rates of today.
    """
    if currency == into:
        return Converted(amount, day, Decimal(1))
    try:
        return await converted(tx, amount, currency, into, min(day, tx.day), source=SOURCE, base=BASE)
    except InvalidError as refused:
        if refused.code != NO_RATE:
            raise
        why = f"a budget in {into} is taken from, and {refused}"
        raise InvalidError(NO_RATE, str(refused), errors=[FieldError("/currency", why)]) from None


def _entry(
    charging: Charging,
    move: Move,
    budget_id: UUID,
    period: int,
    kind: EntryKind,
    amount: Decimal,
    document_amount: Decimal,
) -> Entry:
    return Entry(
        budget_id=budget_id,
        period=period,
        kind=kind,
        adds=move.effect.figures(amount),
        day=charging.on,
        document_kind=move.document.kind,
        document_id=move.document.id,
        document_number=move.document.number,
        line_number=move.charged.line_number,
        cost_centre=move.charged.cost_centre,
        project=move.charged.project,
        category=move.charged.category,
        document_amount=document_amount,
        document_currency=move.document.currency,
    )
