"""What is decided of a case, on the arithmetic of its marks, and what that does to the supplier."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, NotFoundError
from purveyor.versions import Seen
from purveyor_contract.events.sourcing.qualification import QualificationRejected, SupplierQualified
from purveyor_messaging.outbox import record
from sourcing.categories.queries import ancestors_of_each
from sourcing.qualification import queries, store
from sourcing.qualification.commands.cases import audit, conditioned, lock_both, matter
from sourcing.qualification.model import Condition, QualificationCase
from sourcing.qualification.rules.arithmetic import Reckoning, check_earned, reckon
from sourcing.qualification.rules.covering import is_required
from sourcing.qualification.rules.evaluating import CONFLICTED, DECIDED_BY_ANOTHER, conflicted, is_complete
from sourcing.qualification.rules.lasting import check_decided
from sourcing.qualification.rules.states import MOVE_OF, CaseStatus, Decision, Move
from sourcing.suppliers import commands as suppliers
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.rules.qualification import in_force


@dataclass(frozen=True, slots=True)
class ConditionStated:
    """What has to be done yet, who sees to it, by when."""

    text: str
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody decides of a case."""

    decision: Decision
    valid_until: date | None
    conditions: Sequence[ConditionStated]
    reason: str
    told: str | None


async def decide(tx: Transaction, case_id: UUID, seen: Seen, verdict: Verdict) -> QualificationCase:
    """Decide a case; who qualifies is approved for its category until the last day.

    It is not while another questionnaire that is required lacks, or a case of another matter was rejected.

    → SupplierQualified or SupplierQualificationConditioned, then SupplierApproved; or QualificationRejected,
    then SupplierBlocked where the supplier is approved for the category.

    Raises ForbiddenError for an author of the supplier or who declared a conflict, ConflictError before all
    marks are there, and InvalidError for a decision that is better than the knock-outs and the
    weighted mean allow.
    """
    supplier, case = await lock_both(tx, case_id, seen)
    move = MOVE_OF[verdict.decision]
    case.expect_possible(move)
    expect_another(tx.actor, supplier.authors, DECIDED_BY_ANOTHER)
    kept_apart = [*supplier.authors, *conflicted(case.parts)]
    expect_another(tx.actor, kept_apart, CONFLICTED)
    policy = await queries.policy(tx, tx.day, case.category)
    _expect_complete(case, policy.value.least_evaluators)
    days = [condition.due_on for condition in verdict.conditions]
    check_decided(verdict.decision, verdict.valid_until, days, tx.day, policy.value.longest_years)
    found = await queries.with_questions(tx, case)
    asked = found.questionnaire
    reckoning = reckon(asked.content, case.given, case.marks)
    check_earned(verdict.decision, reckoning, asked.pass_mark, asked.conditional_mark)
    before = case.status
    conditions = [
        Condition(
            number=number,
            wanted=stated.text,
            owner=stated.owner,
            due_on=stated.due_on,
            supplier_authors=kept_apart,
        )
        for number, stated in enumerate(verdict.conditions, 1)
    ]
    case.decided_by, case.decided_at, case.policy_version = tx.actor, tx.now, policy.number
    case.reason, case.reason_for_supplier = verdict.reason, verdict.told
    case.supplier_authors = kept_apart
    case.decide(move, verdict.decision, reckoning, kept(reckoning), verdict.valid_until, conditions)
    audit(tx, "decide", case, before, verdict.reason, result=case.result, valid_until=case.valid_until)
    if verdict.decision is Decision.REJECTED:
        await _reject(tx, supplier, case, reckoning)
    else:
        await _qualify(tx, supplier, case)
    return case


def kept(reckoning: Reckoning) -> dict[str, Any]:
    """Return the arithmetic as it is kept and shown, its decimals as texts."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(reckoning), default=str))
    return found


def _expect_complete(case: QualificationCase, least: int) -> None:
    if is_complete(case.parts, least):
        return
    counted = [part for part in case.parts if part.counts]
    pending = [part.person for part in counted if not part.has_marked]
    detail = f"{len(counted)} evaluate case {case.number}, and {least} are wanted at least"
    detail += f"; {', '.join(pending)} gave no marks yet." if pending else "."
    raise ConflictError("evaluation_incomplete", detail, pending=pending, least=least)


async def _reject(tx: Transaction, supplier: Supplier, case: QualificationCase, reckoning: Reckoning) -> None:
    record(
        tx,
        supplier,
        QualificationRejected(
            **matter(case),
            result=case.result,
            knocked_out_by=tuple(dict.fromkeys(one.question for one in reckoning.knocked_out)),
            reason=case.reason,
            reason_for_supplier=case.reason_for_supplier,
            rejected_by=tx.actor,
        ),
    )
    approved = [one.category for one in supplier.approvals if in_force(one.expires_on, tx.day)]
    above = await ancestors_of_each(tx, {case.category, *approved})
    if any(is_required(category, [case.category], above) for category in approved):
        reason = f"Case {case.number} was rejected: {case.reason}"
        suppliers.block_locked(
            tx,
            supplier,
            BlockCause.QUALIFICATION,
            case.id,
            reason,
            case.reason_for_supplier,
            [case.category],
        )


async def _qualify(tx: Transaction, supplier: Supplier, case: QualificationCase) -> None:
    """Let a case take the place of those before it, and approve unless another is required or rejected."""
    for before in await store.held_before(tx, case):
        status = before.status
        before.move(Move.SUPERSEDE)
        audit(tx, "supersede", before, status, by=case.id)
    blocked = [block.reference for block in supplier.blocks if block.cause == BlockCause.QUALIFICATION]
    for other in await store.of_same_matter(tx, case, blocked):
        reason = f"Qualified by case {case.number}"
        suppliers.unblock_locked(tx, supplier, BlockCause.QUALIFICATION, other, reason)
    if case.stands is CaseStatus.QUALIFIED:
        record(tx, supplier, _qualified(tx, case))
    else:
        record(tx, supplier, conditioned(case, tx.day, tx.actor))
    await tx.session.flush()
    until = await queries.approves_until(tx, case)
    if until is not None:
        await suppliers.approve_locked(tx, supplier, [case.category], until)


def _qualified(tx: Transaction, case: QualificationCase) -> SupplierQualified:
    return SupplierQualified(
        **matter(case),
        valid_until=case.valid_until,
        result=case.result,
        reason=case.reason,
        reason_for_supplier=case.reason_for_supplier,
        qualified_by=tx.actor,
    )


async def meet_condition(
    tx: Transaction, case_id: UUID, seen: Seen, number: int, note: str
) -> QualificationCase:
    """Note that a condition is met; the last one makes the supplier qualified without any.

    → SupplierQualificationConditioned, or SupplierQualified; SupplierUnblocked when none is overdue any more.
    Raises ForbiddenError for an author of the supplier and who declared a conflict: they do not judge it.
    """
    supplier, case = await lock_both(tx, case_id, seen)
    case.expect_possible(Move.MEET_CONDITION)
    condition = next((one for one in case.conditions if one.number == number), None)
    if condition is None:
        raise NotFoundError("condition", number)
    if condition.met_on is not None:
        raise ConflictError("condition_met", f"Condition {number} was met on {condition.met_on}.")
    expect_another(tx.actor, supplier.authors, DECIDED_BY_ANOTHER)
    kept_apart = [*supplier.authors, *conflicted(case.parts)]
    expect_another(tx.actor, kept_apart, CONFLICTED)
    before = case.status
    condition.supplier_authors = kept_apart
    condition.met_on, condition.met_by, condition.note = tx.day, tx.actor, note
    case.evaluated_at = tx.now
    if all(one.met_on is not None for one in case.conditions):
        case.move(Move.COMPLETE)
        record(tx, supplier, _qualified(tx, case))
    else:
        record(tx, supplier, conditioned(case, tx.day, tx.actor))
    if not case.overdue(tx.day):
        reason = f"Condition {number} of case {case.number} was met"
        suppliers.unblock_locked(tx, supplier, BlockCause.QUALIFICATION, case.id, reason)
    audit(tx, "meet-condition", case, before, note, condition=number)
    return case
