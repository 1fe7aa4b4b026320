"""Requisitions are handed in, taken back, and decided line by line by who wrote none of them."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from procurement.approving.rules import expect_no_steps
from procurement.blankets.queries import agreed_items
from procurement.rates.queries import converted
from procurement.requisitions.commands import approving, reserving
from procurement.requisitions.commands.drafting import locked
from procurement.requisitions.commands.stated import check_stated
from procurement.requisitions.commands.telling import REQUISITION, tell_decided, tell_rejected
from procurement.requisitions.model import Requisition
from procurement.requisitions.model.events import submitted_event
from procurement.requisitions.queries import SOURCING
from procurement.requisitions.rules.lines import LineAction
from procurement.requisitions.rules.sourcing import why_sourced
from procurement.requisitions.rules.states import IN_DECISION, Action, check_author, next_status
from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import ConflictError
from purveyor.policies import Place
from purveyor.versions import Seen
from purveyor_contract.events.procurement.requisitions import RequisitionReturned, RequisitionWithdrawn
from purveyor_messaging.outbox import record


async def submit_requisition(tx: Transaction, requisition_id: UUID, seen: Seen) -> Requisition:
    """Hand a requisition in: what it names has to be there today; → RequisitionSubmitted.

    It goes through the steps of the approval policy, where one speaks of requisitions.
    Lines for which a supplier is to be looked for first, by the policy of today, are marked.
    """
    found = await locked(tx, requisition_id, seen)
    before = found.status
    next_status(Action.SUBMIT, before)
    await check_stated(tx, found.stated())
    await _mark_for_sourcing(tx, found)
    found.submit(tx.actor, tx.now)
    record(tx, found, submitted_event(found))
    await _moved(tx, found, Action.SUBMIT, before)
    await approving.ask_for_approval(tx, found)
    await reserving.reserve(tx, found)
    await tx.flush()
    return found


async def _mark_for_sourcing(tx: Transaction, found: Requisition) -> None:
    policy = await policies.history(tx, SOURCING)
    named = {line.item for line in found.lines if line.item is not None}
    agreed = await agreed_items(tx, named, found.business_unit, tx.day)
    for line in found.lines:
        place = Place(category=line.category, business_unit=found.business_unit)
        sourcing = policy.in_force(tx.day, place).value
        worth: Decimal | None = None
        if sourcing.above is not None:
            rates = {"source": sourcing.rate_source, "base": sourcing.rate_base}
            into = sourcing.currency
            worth = (await converted(tx, line.amount, found.currency, into, tx.day, **rates)).amount
        why = why_sourced(sourcing, worth, agreed=line.item in agreed)
        line.sourcing_reason = "; ".join(filter(None, (found.sourcing_route, why))) or None


async def withdraw_requisition(
    tx: Transaction, requisition_id: UUID, seen: Seen, reason: str | None
) -> Requisition:
    """Want none of a requisition any more, as an author of it; → RequisitionWithdrawn once submitted."""
    found = await locked(tx, requisition_id, seen)
    before = found.status
    next_status(Action.WITHDRAW, before)
    check_author(tx.actor, found.authors, "withdraw")
    found.withdraw(tx.actor, tx.now)
    await approving.take_back(tx, found, reason)
    if before in IN_DECISION:
        named = {"requisition_id": found.id, "number": found.number}
        record(tx, found, RequisitionWithdrawn(withdrawn_by=tx.actor, **named))
    await reserving.give_back(tx, found)
    return await _moved(tx, found, Action.WITHDRAW, before, reason)


async def return_requisition(tx: Transaction, requisition_id: UUID, seen: Seen, reason: str) -> Requisition:
    """Give a submitted requisition back to its author, to be written anew; → RequisitionReturned."""
    found = await locked(tx, requisition_id, seen)
    before = found.status
    found.take_back(reason)
    await approving.take_back(tx, found, reason)
    named = {"requisition_id": found.id, "number": found.number}
    record(tx, found, RequisitionReturned(reason=reason, returned_by=tx.actor, **named))
    await reserving.give_back(tx, found)
    return await _moved(tx, found, Action.RETURN, before, reason)


async def decide_lines(
    tx: Transaction,
    requisition_id: UUID,
    seen: Seen,
    action: LineAction,
    numbers: Collection[int] | None,
    reason: str | None,
) -> Requisition:
    """Approve or reject lines (None: all that nobody decided of), as somebody who wrote none of it.

    What goes through steps of approval is approved by them alone; single lines are rejected meanwhile.
    → RequisitionLineClosed for each that is rejected, and when it was the last: RequisitionApproved and
    RequisitionSourcingRequested, or RequisitionRejected.
    """
    found = await locked(tx, requisition_id, seen)
    before = found.status
    next_status(Action(action.value), before)
    if action == LineAction.APPROVE or numbers is None:
        expect_no_steps(found.awaits_approval)
    decided = found.undecided() if numbers is None else numbers
    if not decided:
        raise ConflictError("wrong_state", "All lines of the requisition are decided.", allowed=[])
    found.decide(action, decided, tx.actor, tx.now, reason)
    if action == LineAction.REJECT:
        tell_rejected(tx, found, decided)
        await approving.end_when_decided(tx, found, reason)
    tell_decided(tx, found, before)
    await (reserving.reserve if action == LineAction.APPROVE else reserving.give_back)(tx, found)
    await tx.flush()
    after = {"status": found.status, "lines": sorted(decided)}
    tx.audit(action, REQUISITION, found.id, before={"status": before}, after=after, reason=reason)
    return found


async def _moved(
    tx: Transaction, found: Requisition, action: Action, before: str, reason: str | None = None
) -> Requisition:
    await tx.flush()
    statuses = {"status": before}, {"status": found.status}
    tx.audit(action, REQUISITION, found.id, before=statuses[0], after=statuses[1], reason=reason)
    return found
