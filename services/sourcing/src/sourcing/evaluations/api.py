"""Evaluations over HTTP: marks, rankings, justifications and rounds for us; the own result for bidders."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, carries
from purveyor.http.preconditions import IfMatch
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.texts import Code, Prose, Why
from sourcing.bids.api import OurReader
from sourcing.evaluations import queries, store
from sourcing.evaluations.commands import marking, ranking, rounds
from sourcing.evaluations.commands.marking import ExplanationStated, MarkStated
from sourcing.evaluations.rules.marks import outliers
from sourcing.evaluations.rules.results import SUPPLIER
from sourcing.evaluations.views import (
    JustificationForSupplier,
    OwnResult,
    TenderEvaluation,
    TenderMarks,
    shown,
    shown_marks,
    shown_to_bidder,
)
from sourcing.tenders import queries as tendering
from sourcing.tenders.api.parts import Member, OfBidder, own_supplier
from sourcing.tenders.api.tenders import Lead, Show
from sourcing.tenders.commands.parts import as_bidder
from sourcing.tenders.rules.content import LocalMoment
from sourcing.tenders.rules.criteria import Mark
from sourcing.tenders.rules.states import TenderStatus
from sourcing.tenders.rules.team import evaluators
from sourcing.tenders.store import get_tender
from sourcing.tenders.views.tenders import TenderOut

router = APIRouter(prefix="/v1/tenders", tags=["tenders"], route_class=TransactionRoute)
MOST_MARKS = 100_000


def _with(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class MarkGivenIn(BaseModel):
    """What the caller gives an answer."""

    model_config = ConfigDict(extra="forbid")

    supplier_id: UUID
    criterion: Code = Field(examples=["warranty"])
    mark: Mark
    comment: Prose | None = None


class MarksGiven(BaseModel):
    """All marks of the caller's: of each bid that counts, by each criterion that is scored."""

    model_config = _with(
        {"marks": [{"supplier_id": SUPPLIER, "criterion": "warranty", "mark": "75", "comment": "24 months"}]}
    )

    marks: list[MarkGivenIn] = Field(max_length=MOST_MARKS)


class MarkExplanation(BaseModel):
    """Why a mark of the caller's lies far off what others gave."""

    model_config = ConfigDict(extra="forbid")

    supplier_id: UUID
    criterion: Code = Field(examples=["warranty"])
    explanation: Prose


class MarksExplained(BaseModel):
    """Why marks of the caller's lie far off."""

    model_config = _with(
        {
            "explanations": [
                {"supplier_id": SUPPLIER, "criterion": "warranty", "explanation": "It excludes corrosion"}
            ]
        }
    )

    explanations: list[MarkExplanation] = Field(min_length=1, max_length=MOST_MARKS)


class BidJustificationIn(BaseModel):
    """Why a bid is as low as it is."""

    model_config = _with({"lot": "bolts", "text": "We own the mill"})

    lot: Code
    text: Prose


class JustificationDecision(BaseModel):
    """Whether an abnormally low bid may win."""

    model_config = _with(
        {"supplier_id": SUPPLIER, "lot": "bolts", "accepted": True, "reason": "Their books show it"}
    )

    supplier_id: UUID
    lot: Code
    accepted: bool
    reason: Why = Field(description="No bidder is told it")


class NextRound(BaseModel):
    """Who bids again, and until when."""

    model_config = _with({"best": 3, "closes_at": "2027-01-08T12:00"})

    best: int = Field(ge=1, le=500, description="Whoever has this place in a lot, or a better one")
    closes_at: LocalMoment


Round = Annotated[
    int | None, Query(ge=1, le=1_000, description="Of which round; left out: the last that was evaluated")
]


@router.post("/{tender_id}/marks", responses={200: carries(ETAG)})
async def give_marks(tx: Tx, by: Member, tender_id: UUID, body: MarksGiven, show: Show) -> TenderOut:
    """Give one's marks as an evaluator, all at once: they stand, and those of others are shown then."""
    stated = [MarkStated(one.supplier_id, one.criterion, one.mark, one.comment) for one in body.marks]
    return await show(tx, await marking.give(tx, tender_id, stated))


@router.get("/{tender_id}/marks")
async def list_marks(tx: Tx, by: OurReader, tender_id: UUID) -> TenderMarks:
    """Read marks, as one of the team: evaluators all once theirs are given, others once all is judged."""
    tender = await get_tender(tx, tender_id)
    queries.expect_of_team(tender, by.subject)
    marks = await store.marks_of(tx, tender_id)
    own = any(one.person == by.subject for one in marks)
    over = tender.stands is not TenderStatus.OPENED
    policy = (await tendering.policy(tx, tender.says)).value
    outlying = outliers([one.given() for one in marks], policy.outlier_points)
    is_judge = by.subject in evaluators(tender.members)
    return shown_marks(marks, outlying, by.subject, all_of_them=over or (is_judge and own))


@router.post("/{tender_id}:explain-marks", responses={200: carries(ETAG)})
async def explain_marks(tx: Tx, by: Member, tender_id: UUID, body: MarksExplained, show: Show) -> TenderOut:
    """Say why marks of one's own lie far off what others gave."""
    stated = [ExplanationStated(one.supplier_id, one.criterion, one.explanation) for one in body.explanations]
    return await show(tx, await marking.explain(tx, tender_id, stated))


@router.post("/{tender_id}:close-technical")
async def close_technical_envelope(tx: Tx, by: Lead, tender_id: UUID, seen: IfMatch, show: Show) -> TenderOut:
    """Close the technical envelopes once answers are judged: then the openers may open those of prices."""
    return await show(tx, await marking.close_technical(tx, tender_id, seen))


@router.post("/{tender_id}:evaluate")
async def evaluate_tender(tx: Tx, by: Lead, tender_id: UUID, seen: IfMatch, show: Show) -> TenderOut:
    """Rank the bids of a round, lot by lot; bids that are abnormally low are to be justified first."""
    return await show(tx, await ranking.begin(tx, tender_id, seen))


@router.put("/{tender_id}/justification")
async def justify_bid(
    tx: Tx, by: OfBidder, tender_id: UUID, body: BidJustificationIn
) -> JustificationForSupplier:
    """Justify one's own abnormally low bid, until it is due."""
    found = await ranking.justify(tx, tender_id, body.lot, body.text, own_supplier(by))
    return JustificationForSupplier.model_validate(found)


@router.post("/{tender_id}:decide-justification")
async def decide_justification(
    tx: Tx, by: Member, tender_id: UUID, seen: IfMatch, body: JustificationDecision, show: Show
) -> TenderOut:
    """Decide whether an abnormally low bid may win, as one of the team who does not lead it."""
    tender = await ranking.decide(
        tx, tender_id, seen, body.supplier_id, body.lot, accepted=body.accepted, reason=body.reason
    )
    return await show(tx, tender)


@router.post("/{tender_id}:complete-evaluation")
async def complete_evaluation(tx: Tx, by: Lead, tender_id: UUID, seen: IfMatch, show: Show) -> TenderOut:
    """Let the ranking of a round stand."""
    return await show(tx, await ranking.complete(tx, tender_id, seen))


@router.get("/{tender_id}/evaluation")
async def get_evaluation(tx: Tx, by: OurReader, tender_id: UUID, round: Round = None) -> TenderEvaluation:
    """Read the ranking of a round with the arithmetic of each number, as one of the team."""
    tender, evaluation = await queries.evaluation_shown(tx, tender_id, round, by.subject)
    return shown(evaluation, await store.justifications_of(tx, tender.id, evaluation.round))


@router.post("/{tender_id}:open-round")
async def open_tender_round(
    tx: Tx, by: Lead, tender_id: UUID, seen: IfMatch, body: NextRound, show: Show
) -> TenderOut:
    """Let the best bidders bid again, in prices; whose bid is not replaced takes part with it as it is."""
    return await show(tx, await rounds.open_round(tx, tender_id, seen, body.best, body.closes_at))


@router.get("/{tender_id}/own-result")
async def get_own_result(tx: Tx, by: OfBidder, tender_id: UUID, round: Round = None) -> OwnResult:
    """Read how one's own bid stands, as far as the tender says, and what of it is to be justified."""
    supplier_id = own_supplier(by)
    tender = await get_tender(tx, tender_id)
    await as_bidder(tx, tender, supplier_id)
    found = [one for one in await store.evaluations_of(tx, tender_id) if round in (None, one.round)]
    if not found:
        raise NotFoundError("evaluation", tender_id)
    justifications = await store.justifications_of(tx, tender_id, found[-1].round)
    return shown_to_bidder(tender, found[-1], justifications, supplier_id)
