"""A budget's days are over: what is open of it goes on to the next one or lapses, and it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from procurement.budgets.commands.budgets import BUDGET, locked, refreshed
from procurement.budgets.commands.charging import Charging, valued, write
from procurement.budgets.commands.telling import figures_of, tell
from procurement.budgets.model import Budget
from procurement.budgets.queries import BUDGET_YEAR_END
from procurement.budgets.queries import budget as budget_called
from procurement.budgets.rules.charging import Effect, EntryKind, Position
from procurement.budgets.rules.control import BudgetYearEnd, OpenAtYearEnd, UnspentAtYearEnd
from procurement.budgets.rules.figures import Figures, changed, total
from procurement.budgets.rules.states import BudgetStatus
from procurement.budgets.store import budgets as store
from procurement.budgets.store import ledger
from procurement.budgets.store.ledger import Entry, LockedBudget
from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import ConflictError
from purveyor.policies import Place
from purveyor.versions import Seen
from purveyor_contract.events.procurement.budgets import BudgetClosed, BudgetTransferred
from purveyor_messaging.outbox import record

DAY = timedelta(days=1)
OPEN = (Effect.RESERVED, Effect.COMMITTED)


async def close_ended_budgets(tx: Transaction, day: date) -> None:
    """Close the budgets whose days have been over for as long as the policy says; → BudgetClosed and more.

    One that carries over waits for the budget that follows on it; the next day looks again.
    """
    history = await policies.history(tx, BUDGET_YEAR_END)
    for budget_id in await store.over(tx, day):
        budget, balance, following = await _with_following(tx, budget_id)
        rule = history.in_force(day, Place(category=budget.category)).value
        if balance.closed or budget.last_day + timedelta(days=rule.after_days) >= day:
            continue
        if following is None and _needs_next(balance, rule):
            continue
        await _close(tx, budget, balance, following, rule, day)


async def close_budget(tx: Transaction, budget_id: UUID, seen: Seen, reason: str) -> Budget:
    """Close a budget whose last day is over at once, as the policy says; → BudgetClosed and more.

    Raises ConflictError before that, and where it would carry over and no budget follows on it.
    """
    budget, balance, following = await _with_following(tx, budget_id, seen)
    if balance.closed or budget.last_day >= tx.day:
        raise ConflictError(
            "wrong_state",
            f"{budget.number} is {budget.status}, and its last day is {budget.last_day}: what is closed is "
            "approved, and its days are over.",
            status_now=budget.status,
            allowed=[],
        )
    history = await policies.history(tx, BUDGET_YEAR_END)
    rule = history.in_force(tx.day, Place(category=budget.category)).value
    if following is None and _needs_next(balance, rule):
        raise ConflictError(
            "next_budget_missing",
            f"What is open of {budget.number} goes on to the next budget for the same, from "
            f"{budget.last_day + DAY} on in {budget.currency}, and none is approved.",
        )
    return await _close(tx, budget, balance, following, rule, tx.day, reason)


async def revalue_budget(tx: Transaction, budget_id: UUID, seen: Seen, day: date) -> Budget:
    """Value what is open in other currencies by the rates of a day; → BudgetRevalued for each document.

    Each change is an entry of its own; it is never refused, for it is so. Raises InvalidError without a rate.
    """
    budget = await locked(tx, budget_id, seen)
    balance = await _balance(tx, budget_id)
    if balance.closed:
        raise ConflictError("budget_closed", f"{balance.number} is {balance.status}.")
    charging = Charging({balance.id: balance}, tx.day)
    for position in await ledger.held_of(tx, budget_id):
        if position.document_currency == balance.currency:
            continue
        for effect in OPEN:
            held = position.held(effect)
            if not held:
                continue
            worth = await valued(
                tx, position.document_amount, position.document_currency, balance.currency, day
            )
            if worth.amount != held:
                entry = _entry(position, EntryKind.REVALUATION, effect, worth.amount - held, tx.day)
                charging.entries.append(
                    replace(entry, document_amount=Decimal(0), rate=worth.rate, rated_on=worth.rated_on)
                )
    balance.periods = changed(balance.periods, charging.changes(balance.id))
    tell(tx, balance, charging.entries)
    await write(tx, charging)
    tx.audit("revalue", BUDGET, budget.id, after={"day": day, "entries": len(charging.entries)})
    return await refreshed(tx, budget)


async def _balance(tx: Transaction, budget_id: UUID) -> LockedBudget:
    return (await ledger.locked(tx, [budget_id]))[budget_id]


def _needs_next(balance: LockedBudget, rule: BudgetYearEnd) -> bool:
    figures = total(balance.periods)
    carries_open = rule.open_amounts == OpenAtYearEnd.CARRY_OVER and figures.reserved + figures.committed > 0
    return carries_open or (rule.unspent == UnspentAtYearEnd.CARRY_OVER and figures.available > 0)


async def _with_following(
    tx: Transaction, budget_id: UUID, seen: Seen | None = None
) -> tuple[Budget, LockedBudget, LockedBudget | None]:
    """Lock a budget and the one that follows on it, in the order in which everybody locks several."""
    found = await budget_called(tx, budget_id)
    following = await store.following(tx, found, found.last_day + DAY)
    budgets = await ledger.locked(tx, {budget_id} | ({following} if following else set()))
    after = budgets.get(following) if following else None
    return await locked(tx, budget_id, seen), budgets[budget_id], after


async def _close(
    tx: Transaction,
    budget: Budget,
    balance: LockedBudget,
    following: LockedBudget | None,
    rule: BudgetYearEnd,
    day: date,
    reason: str | None = None,
) -> Budget:
    budgets = {one.id: one for one in (balance, following) if one is not None}
    charging = Charging(budgets, day)
    positions = await ledger.held_of(tx, budget.id)
    lapses = rule.open_amounts == OpenAtYearEnd.RELEASE
    if lapses or following is None:
        charging.entries += _released(positions, day)
    else:
        _carry_open(charging, positions, following)
    if following is not None and rule.unspent == UnspentAtYearEnd.CARRY_OVER:
        _carry_unspent(charging, balance, following)
    for one in budgets.values():
        one.periods = changed(one.periods, charging.changes(one.id))
        tell(tx, one, [entry for entry in charging.entries if entry.budget_id == one.id], lapsed=lapses)
    if following is not None:
        _tell_carried(tx, charging, balance, following)
    record(tx, balance, BudgetClosed(closed_on=day, figures=figures_of(balance), **balance.named()))
    budget.status, budget.closed_on, budget.closed_by = BudgetStatus.CLOSED, day, tx.actor
    await tx.flush()
    await ledger.write(tx, budgets.values(), charging.entries)
    tx.audit(
        "close",
        BUDGET,
        budget.id,
        before={"status": BudgetStatus.APPROVED},
        after={"status": BudgetStatus.CLOSED, "followed_by": following and following.number},
        reason=reason,
    )
    return await refreshed(tx, budget)


def _released(positions: Sequence[Position], day: date) -> list[Entry]:
    return [
        _entry(position, EntryKind.RELEASE, effect, -held, day)
        for position in positions
        for effect in OPEN
        if (held := position.held(effect))
    ]


def _carry_open(charging: Charging, positions: Sequence[Position], following: LockedBudget) -> None:
    """Let what documents hold go on, with as much of the budget: the next year's own is not touched."""
    for position in positions:
        for effect in OPEN:
            if not (held := position.held(effect)):
                continue
            gives = _entry(position, EntryKind.CARRY_OVER, effect, -held, charging.on)
            takes = _entry(position, EntryKind.CARRY_OVER, effect, held, charging.on)
            with_budget = Figures(budget=held)
            charging.entries += [
                replace(
                    gives,
                    adds=gives.adds + Figures(budget=-held),
                    other_budget_id=following.id,
                ),
                replace(
                    takes,
                    budget_id=following.id,
                    period=following.periods[0].number,
                    adds=takes.adds + with_budget,
                    document_amount=position.document_amount,
                    other_budget_id=position.budget_id,
                ),
            ]


def _carry_unspent(charging: Charging, balance: LockedBudget, following: LockedBudget) -> None:
    periods = changed(balance.periods, charging.changes(balance.id))
    remaining = total(periods).available
    for one in periods:
        left = min(one.figures.available, remaining)
        if left <= 0:
            continue
        remaining -= left
        charging.entries += [
            Entry(
                of,
                period,
                EntryKind.CARRY_OVER,
                Figures(budget=amount),
                charging.on,
                other_budget_id=other,
            )
            for of, period, amount, other in (
                (balance.id, one.number, -left, following.id),
                (following.id, following.periods[0].number, left, balance.id),
            )
        ]


def _tell_carried(
    tx: Transaction, charging: Charging, balance: LockedBudget, following: LockedBudget
) -> None:
    """Tell how much of a budget went on, of each of its periods, and that it came."""
    first = following.periods[0].number
    for period in balance.periods:
        carried = sum(
            (
                -entry.adds.budget
                for entry in charging.entries
                if entry.budget_id == balance.id and entry.period == period.number
            ),
            Decimal(0),
        )
        if not carried:
            continue
        for one, number, amount, other, other_number in (
            (balance, period.number, -carried, following, first),
            (following, first, carried, balance, period.number),
        ):
            record(
                tx,
                one,
                BudgetTransferred(
                    transfer_id=None,
                    period=number,
                    amount=amount,
                    other_budget_id=other.id,
                    other_period=other_number,
                    figures=figures_of(one),
                    approved_by=tx.actor,
                    **one.named(),
                ),
            )


def _entry(position: Position, kind: EntryKind, effect: Effect, amount: Decimal, day: date) -> Entry:
    """Return an entry of what a document's line holds; what it gives back it gives in its currency, too."""
    return Entry(
        budget_id=position.budget_id,
        period=position.period,
        kind=kind,
        adds=effect.figures(amount),
        day=day,
        document_kind=position.document_kind,
        document_id=position.document_id,
        document_number=position.document_number,
        line_number=position.line_number,
        cost_centre=position.cost_centre,
        project=position.project,
        category=position.category,
        document_amount=-position.document_amount,
        document_currency=position.document_currency,
    )
