"""Evaluations as answers show them: to the team with all arithmetic, to a bidder what the tender says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from purveyor.figures import Percent
from sourcing.evaluations.model import BidJustification, Evaluation, EvaluationMark
from sourcing.evaluations.rules.inputs import GivenMark
from sourcing.evaluations.rules.results import RANKED, SUPPLIER, EvaluatedLot, SixPlaces
from sourcing.evaluations.rules.rounds import Light, gap_percent, light, lowest_amount
from sourcing.tenders.model import Tender
from sourcing.tenders.rules.criteria import Feedback

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
MARK: dict[str, Any] = {
    "supplier_id": SUPPLIER,
    "criterion": "warranty",
    "person": "olga",
    "mark": "75.00",
    "comment": "24 months, as we asked",
    "is_outlier": False,
    "explanation": None,
    "given_at": "2026-12-19T09:30:00Z",
}
JUSTIFICATION: dict[str, Any] = {
    "supplier_id": SUPPLIER,
    "lot": "bolts",
    "due_at": "2026-12-22T09:30:00Z",
    "text": "We own the mill",
    "stated_by": "sue",
    "stated_at": "2026-12-21T12:00:00Z",
    "accepted": True,
    "reason": "Their books show it",
    "decided_by": "olga",
    "decided_at": "2026-12-22T08:00:00Z",
}
EVALUATION: dict[str, Any] = {
    "tender_id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6fb0",
    "round": 1,
    "currency": "EUR",
    "lots": [{"lot": "bolts", "method": "points", "bids": [RANKED]}],
    "justifications": [JUSTIFICATION],
    "begun_by": "bob",
    "begun_at": "2026-12-21T09:30:00Z",
    "completed_by": "bob",
    "completed_at": "2026-12-22T09:30:00Z",
    "digest": DIGEST,
}
OWN_RESULT: dict[str, Any] = {
    "round": 1,
    "completed_at": "2026-12-22T09:30:00Z",
    "lots": [
        {
            "lot": "bolts",
            "rank": 2,
            "gap_percent": "4.50",
            "light": "yellow",
            "best": "100.000000",
            "points": [{"criterion": "warranty", "points": "75.000000"}],
        }
    ],
    "justifications": [
        {"lot": "bolts", "due_at": "2026-12-22T09:30:00Z", "text": None, "stated_at": None, "accepted": None}
    ],
}
TwoDecimals = Annotated[
    Decimal, WithJsonSchema({"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}$", "examples": ["75.00"]})
]


class TenderMark(BaseModel):
    """What an evaluator gave an answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [MARK]})

    supplier_id: UUID
    criterion: str
    person: str
    mark: TwoDecimals
    comment: str | None
    is_outlier: bool = Field(description="Whether it lies so far off the median that it is to be explained")
    explanation: str | None
    given_at: datetime


class TenderMarks(BaseModel):
    """The marks that the caller may see."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"marks": [MARK]}]})

    marks: list[TenderMark]


class JustificationOut(BaseModel):
    """That a bid is abnormally low for a lot, and what became of it."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [JUSTIFICATION]})

    supplier_id: UUID
    lot: str
    due_at: datetime = Field(description="Until when its bidder may justify it")
    text: str | None = Field(description="What its bidder says")
    stated_by: str | None
    stated_at: datetime | None
    accepted: bool | None = Field(description="Null: not decided")
    reason: str | None = Field(description="Of the decision; no bidder is told it")
    decided_by: str | None
    decided_at: datetime | None


class TenderEvaluation(BaseModel):
    """The evaluation of a round."""

    model_config = ConfigDict(json_schema_extra={"examples": [EVALUATION]})

    tender_id: UUID
    round: int
    currency: str = Field(description="In which costs are compared")
    lots: list[EvaluatedLot]
    justifications: list[JustificationOut]
    begun_by: str
    begun_at: datetime
    completed_by: str | None
    completed_at: datetime | None = Field(description="From when on the ranking stands; null: not yet")
    digest: str = Field(description="SHA-256 of the inputs and the result as they are kept")


class JustificationForSupplier(BaseModel):
    """That the caller's bid is abnormally low for a lot, and to be justified before it can win."""

    model_config = ConfigDict(from_attributes=True)

    lot: str
    due_at: datetime
    text: str | None
    stated_at: datetime | None
    accepted: bool | None


class OwnPoints(BaseModel):
    """What the caller's bid got by a criterion."""

    criterion: str
    points: SixPlaces


class OwnLotResult(BaseModel):
    """How the caller's bid for a lot stands, as far as the tender says that bidders are told it."""

    lot: str
    rank: int | None = Field(description="1 is the best; null: it is not told, or the bid is out")
    gap_percent: Percent | None = Field(description="By how much its prices are above the lowest")
    light: Light | None = Field(description="Green: the best; yellow: within ten percent of it")
    best: SixPlaces | None = Field(description="The lowest that anybody's prices come to, without a name")
    points: list[OwnPoints] | None


class OwnResult(BaseModel):
    """What a bidder is told of the evaluation of its own bid."""

    model_config = ConfigDict(json_schema_extra={"examples": [OWN_RESULT]})

    round: int
    completed_at: datetime | None = Field(description="Null: it goes on, and nothing is told yet")
    lots: list[OwnLotResult]
    justifications: list[JustificationForSupplier]


def shown_marks(
    marks: Sequence[EvaluationMark], outlying: Sequence[GivenMark], by: str, *, all_of_them: bool
) -> TenderMarks:
    """Return the marks that somebody may see: their own, or all."""
    return TenderMarks(
        marks=[
            TenderMark(
                **{name: getattr(one, name) for name in TenderMark.model_fields if name != "is_outlier"},
                is_outlier=one.given() in outlying,
            )
            for one in marks
            if all_of_them or one.person == by
        ]
    )


def shown(evaluation: Evaluation, justifications: Sequence[BidJustification]) -> TenderEvaluation:
    """Return an evaluation as the team is shown it."""
    says = evaluation.says
    names = ("tender_id", "begun_by", "begun_at", "completed_by", "completed_at", "digest")
    return TenderEvaluation(
        **{name: getattr(evaluation, name) for name in names},
        **dict(says),
        justifications=[JustificationOut.model_validate(one) for one in justifications],
    )


def shown_to_bidder(
    tender: Tender, evaluation: Evaluation, justifications: Sequence[BidJustification], supplier_id: UUID
) -> OwnResult:
    """Return what a bidder is told: what it is to justify, and what the tender says once all is complete."""
    says = evaluation.says
    is_complete = evaluation.completed_at is not None
    told = set(tender.says.feedback) if is_complete else set()
    return OwnResult(
        round=evaluation.round,
        completed_at=evaluation.completed_at,
        lots=[_own(lot, told, supplier_id) for lot in says.lots] if told else [],
        justifications=[
            JustificationForSupplier.model_validate(one)
            for one in justifications
            if one.supplier_id == supplier_id
        ],
    )


def _own(lot: EvaluatedLot, told: set[Feedback], supplier_id: UUID) -> OwnLotResult:
    own = next((bid for bid in lot.bids if bid.supplier_id == supplier_id), None)
    place, amount = (None, None) if own is None else (own.place, own.amount)
    return OwnLotResult(
        lot=lot.lot,
        rank=place if Feedback.RANK in told else None,
        gap_percent=gap_percent(lot, amount) if Feedback.GAP in told else None,
        light=light(lot, place, amount) if Feedback.TRAFFIC_LIGHT in told and own is not None else None,
        best=lowest_amount(lot) if Feedback.BEST in told and own is not None else None,
        points=None
        if Feedback.MARKS not in told or own is None
        else [OwnPoints(criterion=one.code, points=one.points) for one in own.criteria],
    )
