"""Routes of evaluators and deciders: named, conflicts declared, marked, decided, conditions met."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from purveyor.auth import Principal, requires
from purveyor.http.headers import ETAG, carries
from purveyor.http.preconditions import IfMatch
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor_contract.roles import Role
from sourcing.qualification.api.cases import WRITE, Show
from sourcing.qualification.api.forms import (
    CaseDecision,
    CaseMarks,
    ConditionMet,
    ConflictDeclared,
    EvaluatorNamed,
)
from sourcing.qualification.commands import deciding, evaluating
from sourcing.qualification.views import CaseOut

router = APIRouter(prefix="/v1/qualification-cases", tags=["qualification"], route_class=TransactionRoute)
CategoryManager = Annotated[Principal, requires(WRITE, Role.CATEGORY_MANAGER)]
EvaluatorOfIt = Annotated[
    Principal,
    requires(
        "sourcing:qualification:evaluate", Role.BUYER, Role.APPROVER, Role.CATEGORY_MANAGER, Role.QUALITY
    ),
]
Meeting = Annotated[
    Principal,
    requires("sourcing:qualification:evaluate", Role.BUYER, Role.CATEGORY_MANAGER, Role.QUALITY),
]


@router.post("/{case_id}/evaluators")
async def name_qualification_evaluator(
    tx: Tx, by: CategoryManager, case_id: UUID, seen: IfMatch, body: EvaluatorNamed, show: Show
) -> CaseOut:
    """Name somebody to evaluate a case; who registered, changed or submitted its supplier is refused."""
    return await show(tx, await evaluating.name_evaluator(tx, case_id, seen, body.person), by)


@router.post("/{case_id}:declare-conflict", responses={200: carries(ETAG)})
async def declare_qualification_conflict(
    tx: Tx, by: EvaluatorOfIt, case_id: UUID, body: ConflictDeclared, show: Show
) -> CaseOut:
    """Declare a conflict of interest, or that there is none, before giving marks.

    Who was not named may have one too. Who has one neither evaluates nor decides, and sees no marks before it
    is decided; it is not taken back.
    """
    return await show(tx, await evaluating.declare(tx, case_id, body.conflict), by)


@router.post("/{case_id}/marks", responses={200: carries(ETAG)})
async def mark_qualification_case(
    tx: Tx, by: EvaluatorOfIt, case_id: UUID, body: CaseMarks, show: Show
) -> CaseOut:
    """Give marks, as one of the evaluators, once; those of the others are shown from then on.

    Before, each says by `:declare-conflict` whether something keeps them from it.
    """
    return await show(tx, await evaluating.mark(tx, case_id, body.marked()), by)


@router.post("/{case_id}:decide")
async def decide_qualification_case(
    tx: Tx, by: CategoryManager, case_id: UUID, seen: IfMatch, body: CaseDecision, show: Show
) -> CaseOut:
    """Decide a case, never better than its knock-outs and its result allow.

    Who qualifies is approved for the category until the last day: it was submitted before, with all that an
    approval vouches for. No author of the supplier decides.
    """
    return await show(tx, await deciding.decide(tx, case_id, seen, body.verdict()), by)


@router.post("/{case_id}/conditions/{number}:meet")
async def meet_qualification_condition(
    tx: Tx,
    by: Meeting,
    case_id: UUID,
    number: Annotated[int, Path(ge=1, le=1_000, description="The condition's number")],
    seen: IfMatch,
    body: ConditionMet,
    show: Show,
) -> CaseOut:
    """Note that a condition is met; once all are, the supplier is qualified without any."""
    return await show(tx, await deciding.meet_condition(tx, case_id, seen, number, body.note), by)
