"""Cases as answers show them: to us with marks and arithmetic, to a supplier without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Percent, Points
from sourcing.qualification.model import Condition, QualificationCase
from sourcing.qualification.rules.answers import ANSWERS, Answer
from sourcing.qualification.rules.evaluating import is_complete, sees_marks_of
from sourcing.qualification.rules.states import Action, CaseStatus, Decision, allowed_actions
from sourcing.qualification.store import CaseWithQuestions
from sourcing.questionnaires.rules.questions import (
    CONTENT,
    QuestionnaireSection,
    QuestionnaireSectionForSupplier,
)

HEADER_FOR_SUPPLIER: dict[str, Any] = {
    "id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6fa0",
    "number": "QC-000042",
    "status": "under_evaluation",
    "supplier_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    "category": "fasteners",
    "region": None,
    "site": "Plant Augsburg",
    "questionnaire_id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6f90",
    "questionnaire": "quality",
    "edition": 1,
    "title": "Quality of suppliers of fasteners",
    "renews": None,
    "invited_at": "2026-11-20T09:30:00Z",
    "due_on": "2026-12-20",
    "submitted_at": "2026-12-01T09:30:00Z",
    "valid_until": None,
    "reason_for_supplier": None,
}
HEADER: dict[str, Any] = HEADER_FOR_SUPPLIER | {"invited_by": "carla", "result": None}
EVALUATION: dict[str, Any] = {
    "person": "quinn",
    "named_by": "carla",
    "declared_at": "2026-12-02T09:30:00Z",
    "has_conflict": False,
    "conflict": None,
    "marked_at": "2026-12-03T09:30:00Z",
    "marks": [{"question": "standards", "mark": "80.0", "comment": None}],
    "earlier_marks": [],
}


class CaseHeaderForSupplier(BaseModel):
    """A case as its supplier is shown it in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER_FOR_SUPPLIER]})

    id: UUID
    number: str
    status: CaseStatus
    supplier_id: UUID
    category: str
    region: str | None = Field(description="For which region; null: for all")
    site: str | None = Field(description="The making site that it is about; null: the supplier as a whole")
    questionnaire_id: UUID = Field(description="The edition that is answered")
    questionnaire: str = Field(description="The questionnaire's code")
    edition: int
    title: str
    renews: UUID | None = Field(description="The case that it follows, whose end is near")
    invited_at: datetime
    due_on: date = Field(description="By when it is to be answered")
    submitted_at: datetime | None
    valid_until: date | None = Field(description="The last day on which what was decided holds")
    reason_for_supplier: str | None = Field(description="What the supplier was told last of why")


class CaseHeader(CaseHeaderForSupplier):
    """A case in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER]})

    invited_by: str
    result: Points | None = Field(description="The weighted mean of the marks, once it is decided")


class CaseConditionForSupplier(BaseModel):
    """What a supplier has to do yet."""

    number: int
    text: str
    due_on: date
    met_on: date | None
    overdue: bool


class CaseCondition(CaseConditionForSupplier):
    """What a supplier that qualified conditionally has to do, and who of ours sees to it."""

    owner: str
    met_by: str | None
    note: str | None


class CaseForSupplier(CaseHeaderForSupplier):
    """A case as its supplier is shown it: what is asked, what it answered, what it has to do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                HEADER_FOR_SUPPLIER
                | {"sections": CONTENT["sections"][:0], "answers": ANSWERS, "conditions": []}
            ]
        }
    )

    sections: list[QuestionnaireSectionForSupplier] = Field(
        description="All that may be asked; `shown_when` says what only in view of other answers"
    )
    answers: list[Answer]
    conditions: list[CaseConditionForSupplier]


class MarkGiven(BaseModel):
    """A mark for an answer."""

    question: str
    mark: Points = Field(description="Of 100")
    comment: str | None


class EarlierMarks(BaseModel):
    """Marks for answers that the supplier was asked to give again."""

    marked_at: datetime
    marks: list[MarkGiven]


class Evaluation(BaseModel):
    """Who evaluates a case; the marks of others are shown after one's own, to others once all are there."""

    person: str
    named_by: str
    declared_at: datetime | None = Field(description="When a conflict of interest was declared, or denied")
    has_conflict: bool = Field(description="Whether a conflict of interest was declared")
    conflict: str | None = Field(description="What it is: shown to who has it and to category managers")
    marked_at: datetime | None
    marks: list[MarkGiven] | None = Field(description="Null while there are none, or while they are hidden")
    earlier_marks: list[EarlierMarks] = Field(
        description="Given before the case was returned, which count no more; shown as the marks are"
    )


class ReckonedQuestion(BaseModel):
    """What the marks of a question count."""

    section: str
    question: str
    section_weight: Decimal = Field(description="Of 100", examples=["60"])
    weight: Decimal = Field(description="Of 100 of the section", examples=["50"])
    counts: Decimal = Field(description="Of 100: both weights multiplied", examples=["30"])
    marks: dict[str, Decimal] = Field(description="By evaluator")
    mean: Percent


class DisqualifyingAnswer(BaseModel):
    """An answer that ends the matter."""

    question: str
    reason: str


class Arithmetic(BaseModel):
    """How the result came about: knock-outs first, then the weighted mean over what was asked."""

    knocked_out: list[DisqualifyingAnswer]
    questions: list[ReckonedQuestion]
    counted: Decimal = Field(description="How much of 100 was asked: the mean is over that", examples=["100"])
    result: Points | None


class CaseOut(CaseHeader):
    """A case."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                HEADER
                | CONTENT
                | {
                    "answers": ANSWERS,
                    "conditions": [],
                    "submitted_by": "sue",
                    "evaluations": [EVALUATION],
                    "evaluation_complete": False,
                    "arithmetic": None,
                    "decision": None,
                    "decided_by": None,
                    "decided_at": None,
                    "policy_version": None,
                    "reason": None,
                    "awaited": [],
                    "allowed_actions": [
                        "return",
                        "evaluators",
                        "declare-conflict",
                        "marks",
                        "decide",
                        "withdraw",
                    ],
                }
            ]
        }
    )

    sections: list[QuestionnaireSection]
    answers: list[Answer] = Field(description="Once they are submitted: drafts are the supplier's own")
    conditions: list[CaseCondition]
    submitted_by: str | None
    evaluations: list[Evaluation]
    evaluation_complete: bool = Field(description="Whether all marks are there that the policy wants")
    arithmetic: Arithmetic | None = Field(description="Of the decision, as it was kept with it")
    decision: Decision | None
    decided_by: str | None
    decided_at: datetime | None
    policy_version: int | None = Field(description="Of the policy `qualification` that it was decided under")
    reason: str | None
    awaited: list[str] = Field(
        description="While it qualifies and approves nothing: the codes of questionnaires that the supplier "
        "has to qualify by too, and the numbers of the cases that were rejected"
    )
    allowed_actions: list[Action] = Field(
        description="The operations that its status allows; `decide` also waits for the marks that the "
        "policy wants, and qualifies a supplier that was submitted"
    )


def header(found: CaseWithQuestions) -> CaseHeader:
    """Return a case as a list shows it."""
    case = found.case
    return CaseHeader(**_header(found), invited_by=case.invited_by, result=case.result)


def header_for_supplier(found: CaseWithQuestions) -> CaseHeaderForSupplier:
    """Return a case as a list shows it to its supplier."""
    return CaseHeaderForSupplier(**_header(found))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who of ours is shown a case."""

    person: str
    manages: bool
    """Whether they are shown which conflicts of interest others have."""


def shown(found: CaseWithQuestions, viewer: Viewer, least: int, day: date, awaited: Sequence[str]) -> CaseOut:
    """Return a case as one of ours is shown it; `least` is how many marks the policy wants."""
    case = found.case
    complete = is_complete(case.parts, least) or case.decision is not None
    return CaseOut(
        **_header(found),
        invited_by=case.invited_by,
        result=case.result,
        sections=found.questionnaire.content.sections,
        answers=[] if case.submitted_at is None else case.given,
        conditions=[
            CaseCondition(
                **_condition(condition, day),
                owner=condition.owner,
                met_by=condition.met_by,
                note=condition.note,
            )
            for condition in case.conditions
        ],
        submitted_by=case.submitted_by,
        evaluations=_evaluations(case, viewer, complete=complete),
        evaluation_complete=complete,
        arithmetic=None if case.reckoning is None else Arithmetic.model_validate(case.reckoning),
        decision=None if case.decision is None else Decision(case.decision),
        decided_by=case.decided_by,
        decided_at=case.decided_at,
        policy_version=case.policy_version,
        reason=case.reason,
        awaited=list(awaited),
        allowed_actions=list(allowed_actions(case.stands)),
    )


def shown_to_supplier(found: CaseWithQuestions, day: date) -> CaseForSupplier:
    """Return a case as its supplier is shown it: no weight, no mark, nobody of ours."""
    return CaseForSupplier(
        **_header(found),
        sections=[section.for_supplier() for section in found.questionnaire.content.sections],
        answers=found.case.given,
        conditions=[CaseConditionForSupplier(**_condition(one, day)) for one in found.case.conditions],
    )


def _header(found: CaseWithQuestions) -> dict[str, Any]:
    case, questionnaire = found.case, found.questionnaire
    names = ("id", "number", "status", "supplier_id", "category", "region", "site", "questionnaire_id")
    more = ("renews", "invited_at", "due_on", "submitted_at", "valid_until", "reason_for_supplier")
    return {name: getattr(case, name) for name in (*names, *more)} | {
        "questionnaire": questionnaire.code,
        "edition": questionnaire.edition,
        "title": questionnaire.title,
    }


def _condition(condition: Condition, day: date) -> dict[str, Any]:
    return {
        "number": condition.number,
        "text": condition.wanted,
        "due_on": condition.due_on,
        "met_on": condition.met_on,
        "overdue": condition.is_overdue(day),
    }


def _evaluations(case: QualificationCase, viewer: Viewer, *, complete: bool) -> list[Evaluation]:
    parts, decided = case.parts, case.decision is not None
    seen = {
        part.person: sees_marks_of(viewer.person, part.person, parts, complete=complete, decided=decided)
        for part in parts
    }
    return [
        Evaluation(
            person=evaluator.person,
            named_by=evaluator.named_by,
            declared_at=evaluator.declared_at,
            has_conflict=evaluator.conflict is not None,
            conflict=evaluator.conflict if viewer.manages or viewer.person == evaluator.person else None,
            marked_at=evaluator.marked_at,
            marks=None
            if evaluator.marks is None or not seen[evaluator.person]
            else [MarkGiven.model_validate(one) for one in evaluator.marks],
            earlier_marks=[EarlierMarks.model_validate(one) for one in evaluator.earlier_marks]
            if seen[evaluator.person]
            else [],
        )
        for evaluator in case.evaluators
    ]
