"""A budget is stated by one and approved by another, version by version."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from procurement.budgets.commands.deciding import exceeded
from procurement.budgets.commands.telling import figures_of
from procurement.budgets.model import Budget
from procurement.budgets.rules import states
from procurement.budgets.rules.charging import EntryKind
from procurement.budgets.rules.figures import Figures, changed, shortfalls
from procurement.budgets.rules.states import BudgetAction, BudgetStatus
from procurement.budgets.rules.stating import (
    Purpose,
    Stated,
    check_apart,
    check_place,
    check_same_purpose,
    check_stated,
)
from procurement.budgets.store import budgets as store
from procurement.budgets.store import ledger
from procurement.budgets.store.ledger import Entry
from procurement.organisation.store import charged_to
from procurement.stated import LOCK
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.procurement.budgets import BudgetApproved, BudgetedPeriod
from purveyor_messaging.outbox import record

BUDGET = "budget"


async def create_budget(tx: Transaction, stated: Stated) -> Budget:
    """Draft a budget; it binds nobody until its first version is approved."""
    await _check(tx, stated)
    budget = Budget(
        status=BudgetStatus.DRAFT,
        current_version=0,
        entries=0,
        created_by=tx.actor,
        created_at=tx.now,
        periods=[],
        versions=[],
    )
    budget.state(stated, tx.actor, tx.now)
    tx.session.add(budget)
    await tx.flush()
    tx.audit("create", BUDGET, budget.id, after=stated.content(), reason=stated.reason)
    return budget


async def change_budget(tx: Transaction, budget_id: UUID, seen: Seen, stated: Stated) -> Budget:
    """Say what a budget is to say: in its draft, or of an approved one in a draft of its next version."""
    await _check(tx, stated)
    budget = await locked(tx, budget_id, seen)
    states.next_status(BudgetAction.CHANGE, budget.status, budget.proposed)
    if budget.current_version:
        check_same_purpose(budget.stated(), stated)
    else:
        budget.periods = []
        await tx.flush()
    budget.state(stated, tx.actor, tx.now)
    flag_modified(budget, "status")  # its version alone may have changed, and the ETag speaks for it too
    await tx.flush()
    tx.audit("change", BUDGET, budget.id, after=stated.content(), reason=stated.reason)
    return budget


async def submit_budget(tx: Transaction, budget_id: UUID, seen: Seen) -> Budget:
    """Hand a budget's draft in for approval."""
    return await _moved(tx, await locked(tx, budget_id, seen), BudgetAction.SUBMIT)


async def return_budget(tx: Transaction, budget_id: UUID, seen: Seen, reason: str) -> Budget:
    """Give a version that was handed in back to its author; it keeps its authors."""
    return await _moved(tx, await locked(tx, budget_id, seen), BudgetAction.RETURN, reason)


async def withdraw_budget(tx: Transaction, budget_id: UUID, seen: Seen, reason: str) -> Budget:
    """Give a version up; the one in force stays, and a budget without one is withdrawn."""
    return await _moved(tx, await locked(tx, budget_id, seen), BudgetAction.WITHDRAW, reason)


async def approve_budget(tx: Transaction, budget_id: UUID, seen: Seen) -> Budget:
    """Let a version be in force; nobody may who wrote any of it. → BudgetApproved.

    Raises ConflictError for one that overlaps with another budget for the same thing, and for one that leaves
    less than is taken.
    """
    budget = await locked(tx, budget_id, seen)
    states.next_status(BudgetAction.APPROVE, budget.status, budget.proposed)
    proposal = budget.proposal
    states.check_approver(tx.actor, proposal.authors if proposal else ())
    purpose = budget.purpose
    await LOCK.all(tx.connection, keys=[f"budget for {purpose}"])
    overlaps = await store.overlapping(tx, budget.id, purpose, budget.first_day, budget.last_day)
    check_apart(budget.number, purpose, overlaps)
    before = budget.amounts
    await _moved(tx, budget, BudgetAction.APPROVE)
    version = budget.amounts
    balance = (await ledger.locked(tx, [budget.id]))[budget.id]
    changes = {
        number: Figures(budget=amount - was)
        for number, (amount, was) in enumerate(zip(version, before, strict=True), 1)
        if amount != was
    }
    short = shortfalls(
        balance.periods, changes, accumulates=balance.accumulates, tolerance_percent=Decimal(0)
    )
    if found := list(short):
        raise exceeded(balance, found)
    balance.periods = changed(balance.periods, changes)
    record(
        tx,
        balance,
        BudgetApproved(
            version=budget.current_version,
            name=budget.name,
            cost_centre=budget.cost_centre,
            project=budget.project,
            category=budget.category,
            accumulates=budget.accumulates,
            periods=tuple(
                BudgetedPeriod(
                    period=one.number, first_day=one.first_day, last_day=one.last_day, amount=amount
                )
                for one, amount in zip(balance.periods, version, strict=True)
            ),
            figures=figures_of(balance),
            approved_by=tx.actor,
            **balance.named(),
        ),
    )
    entries = [
        Entry(balance.id, number, EntryKind.BUDGET, adds, balance.periods[number - 1].first_day)
        for number, adds in changes.items()
    ]
    await ledger.write(tx, [balance], entries)
    return await refreshed(tx, budget)


async def locked(tx: Transaction, budget_id: UUID, seen: Seen | None = None) -> Budget:
    """Lock a budget; raises NotFoundError, and PreconditionFailedError unless it is as the caller saw it."""
    budget = await store.lock(tx, budget_id)
    if budget is None:
        raise NotFoundError("budget", budget_id)
    if seen is not None:
        expect_version(budget, seen)
    return budget


async def refreshed(tx: Transaction, budget: Budget) -> Budget:
    """Return a locked budget with the balance that was written meanwhile."""
    await tx.flush()
    return await locked(tx, budget.id)


async def _moved(tx: Transaction, budget: Budget, action: BudgetAction, reason: str | None = None) -> Budget:
    before = {"status": budget.status, "proposed": budget.proposed}
    version = budget.move(action, tx.actor, tx.now)
    flag_modified(budget, "status")
    await tx.flush()
    after = {"status": budget.status, "version": version.number, "proposed": version.status}
    tx.audit(action, BUDGET, budget.id, before=before, after=after, reason=reason)
    return budget


async def _check(tx: Transaction, stated: Stated) -> None:
    check_stated(stated)
    purpose: Purpose = stated.purpose
    centre, project = purpose.cost_centre, purpose.project
    known = await charged_to(tx, [centre] if centre else [], [project] if project else [])
    place = next(iter(known.values()), None)
    check_place(
        purpose,
        place is not None,
        place.valid_from if place else None,
        place.valid_to if place else None,
        stated.first_day,
        stated.last_day,
    )
