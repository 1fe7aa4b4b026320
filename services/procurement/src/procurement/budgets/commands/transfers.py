"""An amount goes from one budget, or one period, to another: asked for by one, approved by another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from procurement.approving.queries import APPROVING
from procurement.approving.rules import expect_no_steps
from procurement.budgets.commands.deciding import exceeded
from procurement.budgets.commands.telling import figures_of
from procurement.budgets.model import BudgetTransfer
from procurement.budgets.queries import budget as budget_called
from procurement.budgets.queries import transfer as transfer_called
from procurement.budgets.rules import states
from procurement.budgets.rules.charging import EntryKind
from procurement.budgets.rules.figures import Figures, changed, shortfalls
from procurement.budgets.rules.states import ANOTHER_DECIDES, TransferStatus
from procurement.budgets.store import budgets as store
from procurement.budgets.store import ledger
from procurement.budgets.store.ledger import Entry, LockedBudget
from procurement.categories.rules import lain_in
from procurement.categories.store import above
from purveyor.db import Transaction
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
from purveyor.money import minor_units, round_amount
from purveyor.versions import Seen, expect_version
from purveyor_approvals import commands as approvals
from purveyor_approvals.kinds import Document, Kind, Outcome
from purveyor_approvals.model import is_pending
from purveyor_approvals.rules.content import Content
from purveyor_contract.events.procurement.budgets import BudgetTransferred
from purveyor_messaging.outbox import record

TRANSFER = "budget_transfer"


@dataclass(frozen=True, slots=True)
class Place:
    """A period of a budget."""

    budget_id: UUID
    period: int


async def ask_transfer(
    tx: Transaction, source: Place, target: Place, amount: Decimal, reason: str
) -> BudgetTransfer:
    """Ask that an amount goes from one budget to another, both approved and in one currency."""
    budgets = await ledger.locked(tx, {source.budget_id, target.budget_id})
    problems = [
        *_problems("/from", budgets.get(source.budget_id), source),
        *_problems("/to", budgets.get(target.budget_id), target),
    ]
    if source == target:
        problems.append(FieldError("/to", "is where it comes from"))
    if not problems:
        currency = budgets[source.budget_id].currency
        if currency != (other := budgets[target.budget_id].currency):
            problems.append(FieldError("/to/budget_id", f"is in {other}, and the other one in {currency}"))
        if amount != round_amount(amount, currency):
            problems.append(FieldError("/amount", f"{currency} has {minor_units(currency)} decimals"))
    if problems:
        raise InvalidError("transfer_invalid", "Nothing can be transferred so.", errors=problems)
    transfer = BudgetTransfer(
        status=TransferStatus.PROPOSED,
        from_budget_id=source.budget_id,
        from_period=source.period,
        to_budget_id=target.budget_id,
        to_period=target.period,
        amount=amount,
        currency=currency,
        reason=reason,
        created_by=tx.actor,
        created_at=tx.now,
    )
    transfer.note_author(tx.actor)
    tx.session.add(transfer)
    await tx.flush()
    after = {"from": source.budget_id, "to": target.budget_id, "amount": amount}
    tx.audit("create", TRANSFER, transfer.id, after=after, reason=reason)
    return await _ask_for_approval(tx, transfer)


async def approve_transfer(tx: Transaction, transfer_id: UUID, seen: Seen) -> BudgetTransfer:
    """Let an amount go from one budget to another; nobody may who asked for it. → BudgetTransferred, twice.

    Raises ConflictError where it is not there to be given any more, whatever the policy lets documents take,
    and for what goes through the steps of the approval policy.
    """
    transfer = await _locked(tx, transfer_id, seen)
    expect_no_steps(transfer.awaits_approval)
    return await _let_go(tx, transfer, tx.actor)


async def _let_go(
    tx: Transaction, transfer: BudgetTransfer, by: str, reason: str | None = None
) -> BudgetTransfer:
    states.check_approver(by, transfer.authors, ANOTHER_DECIDES)
    budgets = await ledger.locked(tx, {transfer.from_budget_id, transfer.to_budget_id})
    for budget in budgets.values():
        if budget.closed:
            raise ConflictError(
                "budget_closed", f"{budget.number} is {budget.status}.", budget_id=str(budget.id)
            )
    gives = (budgets[transfer.from_budget_id], transfer.from_period, -transfer.amount)
    takes = (budgets[transfer.to_budget_id], transfer.to_period, transfer.amount)
    changes: dict[UUID, dict[int, Figures]] = {}
    for budget, period, amount in (gives, takes):
        changes.setdefault(budget.id, {})[period] = Figures(budget=amount)
    giver = gives[0]
    short = list(
        shortfalls(
            giver.periods,
            changes[giver.id],
            accumulates=giver.accumulates,
            tolerance_percent=Decimal(0),
        )
    )
    if short:
        raise exceeded(giver, short)
    for budget_id, change in changes.items():
        budgets[budget_id].periods = changed(budgets[budget_id].periods, change)
    entries = []
    for (budget, period, amount), (other, other_period, _) in ((gives, takes), (takes, gives)):
        record(
            tx,
            budget,
            BudgetTransferred(
                transfer_id=transfer.id,
                period=period,
                amount=amount,
                other_budget_id=other.id,
                other_period=other_period,
                figures=figures_of(budget),
                approved_by=by,
                **budget.named(),
            ),
        )
        adds = Figures(budget=amount)
        entries.append(Entry(budget.id, period, EntryKind.TRANSFER, adds, tx.day, other_budget_id=other.id))
    await ledger.write(tx, budgets.values(), entries)
    transfer.status, transfer.awaits_approval = TransferStatus.APPROVED, None
    transfer.approved_by, transfer.approved_at = by, tx.now
    return await _ended(tx, transfer, "approve", reason)


async def refuse_transfer(tx: Transaction, transfer_id: UUID, seen: Seen, reason: str) -> BudgetTransfer:
    """Refuse a transfer; who asked for it withdraws it instead."""
    transfer = await _locked(tx, transfer_id, seen)
    expect_no_steps(transfer.awaits_approval)
    states.check_approver(tx.actor, transfer.authors, ANOTHER_DECIDES)
    return await _given_up(tx, transfer, TransferStatus.REFUSED, "refuse", tx.actor, reason)


async def withdraw_transfer(tx: Transaction, transfer_id: UUID, seen: Seen, reason: str) -> BudgetTransfer:
    """Take back that a transfer was asked for."""
    transfer = await _locked(tx, transfer_id, seen)
    await approvals.withdraw(tx, APPROVING, KIND, transfer_id, reason)
    return await _given_up(tx, transfer, TransferStatus.WITHDRAWN, "withdraw", tx.actor, reason)


def _problems(at: str, budget: LockedBudget | None, place: Place) -> list[FieldError]:
    if budget is None:
        return [FieldError(f"{at}/budget_id", "no such budget exists")]
    if budget.closed:
        return [FieldError(f"{at}/budget_id", f"{budget.number} is {budget.status}, not approved")]
    if not 1 <= place.period <= len(budget.periods):
        return [FieldError(f"{at}/period", f"{budget.number} has periods 1 to {len(budget.periods)}")]
    return []


async def _locked(tx: Transaction, transfer_id: UUID, seen: Seen) -> BudgetTransfer:
    transfer = await store.lock_transfer(tx, transfer_id)
    if transfer is None:
        raise NotFoundError("budget transfer", transfer_id)
    expect_version(transfer, seen)
    states.expect_proposed(transfer.status)
    return transfer


async def _given_up(
    tx: Transaction,
    transfer: BudgetTransfer,
    status: TransferStatus,
    action: str,
    by: str,
    reason: str | None,
) -> BudgetTransfer:
    transfer.status, transfer.ended_by, transfer.ended_reason = status, by, reason
    transfer.awaits_approval = None
    return await _ended(tx, transfer, action, reason)


async def _ended(
    tx: Transaction, transfer: BudgetTransfer, action: str, reason: str | None = None
) -> BudgetTransfer:
    await tx.flush()
    before = {"status": TransferStatus.PROPOSED}
    tx.audit(action, TRANSFER, transfer.id, before=before, after={"status": transfer.status}, reason=reason)
    return transfer


async def _ask_for_approval(tx: Transaction, transfer: BudgetTransfer) -> BudgetTransfer:
    """Let a transfer go through the policy's steps, where one speaks of transfers.

    → ApprovalRequested, ApprovalDecided.
    """
    if not await approvals.concerns(tx, APPROVING, KIND):
        return transfer
    source = await budget_called(tx, transfer.from_budget_id)
    target = await budget_called(tx, transfer.to_budget_id)
    categories = {one.category for one in (source, target) if one.category is not None}
    names = ("from_budget_id", "from_period", "to_budget_id", "to_period", "amount", "currency")
    document = Document(
        id=transfer.id,
        number=f"{source.number} to {target.number}",
        amount=transfer.amount,
        currency=transfer.currency,
        authors=transfer.authors,
        content=Content({name: getattr(transfer, name) for name in names}, {}),
        cost_centres={one.cost_centre for one in (source, target) if one.cost_centre is not None},
        categories=categories,
        within=lain_in(await above(tx, categories)),
    )
    approval = await approvals.submit(tx, APPROVING, KIND, document)
    if is_pending(approval):
        transfer.awaits_approval = approval.id
        await tx.flush()
    return transfer


async def _asked_for(tx: Transaction, transfer_id: UUID) -> BudgetTransfer:
    transfer = await store.lock_transfer(tx, transfer_id)
    if transfer is None:
        raise LookupError(f"an approval is of a transfer that is not there: {transfer_id}")
    return transfer


async def _approved(tx: Transaction, transfer_id: UUID, outcome: Outcome) -> None:
    await _let_go(tx, await _asked_for(tx, transfer_id), outcome.by, outcome.reason)


async def _rejected(tx: Transaction, transfer_id: UUID, outcome: Outcome) -> None:
    transfer = await _asked_for(tx, transfer_id)
    await _given_up(tx, transfer, TransferStatus.REFUSED, "refuse", outcome.by, outcome.reason)


async def _kept_apart(tx: Transaction, transfer_id: UUID) -> Mapping[str, Collection[str]]:
    return {ANOTHER_DECIDES: (await transfer_called(tx, transfer_id)).authors}


KIND = Kind(
    name=TRANSFER,
    path="/v1/budget-transfers/{id}",
    lock=store.lock_transfer,
    approved=_approved,
    rejected=_rejected,
    kept_apart=_kept_apart,
    undecided=None,
)
"""As long as no policy speaks of transfers, one person other than their authors approves them, as ever."""
