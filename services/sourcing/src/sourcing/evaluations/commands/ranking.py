"""Bids are ranked: what is abnormally low is to be justified first; then the ranking stands, for good."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, NotFoundError
from purveyor.versions import Seen
from purveyor_contract.events.sourcing.bids import BidJustified, JustificationDecided, JustificationRequested
from purveyor_contract.events.sourcing.tenders import PlacedBid, PlacedLot
from purveyor_messaging.outbox import record
from sourcing.bids.model import OpenedBid
from sourcing.bids.store.rows import opened_bid_of, opened_of
from sourcing.evaluations import store
from sourcing.evaluations.commands.marking import expect_judged
from sourcing.evaluations.model import BidJustification, Evaluation
from sourcing.evaluations.queries import expect_of_team, read_inputs
from sourcing.evaluations.rules.digests import written
from sourcing.evaluations.rules.judging import judge
from sourcing.evaluations.rules.results import EvaluationResult
from sourcing.tenders import queries as tendering
from sourcing.tenders.commands.parts import as_bidder, audit, lock, lock_as_lead
from sourcing.tenders.commands.rounds import note_evaluated
from sourcing.tenders.model import Tender
from sourcing.tenders.rules.states import TenderMove
from sourcing.tenders.rules.team import TeamRole
from sourcing.tenders.rules.timetable import working_days_after

DECIDED_BY_ANOTHER = (
    "Who leads a tender does not decide whether an abnormally low bid may win: ask a colleague."
)

TOLD = 5
"""So many bids of each lot are told in the event, which otherwise no broker would take of many lots."""


async def begin(tx: Transaction, tender_id: UUID, seen: Seen) -> Tender:
    """Rank the bids of a round, and ask for a justification of those that are abnormally low.

    What it is reckoned from is kept as it is now. → JustificationRequested of each. Raises ConflictError
    while prices are sealed, or marks are missing.
    """
    tender = await lock_as_lead(tx, tender_id, seen)
    tender.expect_possible(TenderMove.EVALUATE)
    if tender.prices_opened_at is None:
        detail = "Its prices are sealed: close the technical envelopes, and let the openers open them."
        raise ConflictError("prices_sealed", detail)
    await expect_judged(tx, tender)
    before = tender.status
    tender.move(TenderMove.EVALUATE)
    inputs = await read_inputs(tx, tender)
    result = judge(inputs)
    due = await _due(tx, tender)
    lows = [
        BidJustification(
            tender_id=tender.id, round=tender.round, supplier_id=bid.supplier_id, lot=lot.lot, due_at=due
        )
        for lot in result.lots
        for bid in lot.bids
        if bid.low
    ]
    lows.sort(key=lambda one: (one.supplier_id, one.lot))
    inputs = inputs.model_copy(update={"justified": [one.counted() for one in lows]})
    evaluation = Evaluation(
        tender_id=tender.id,
        round=tender.round,
        inputs=written(inputs),
        result=written(judge(inputs)),
        begun_by=tx.actor,
        begun_at=tx.now,
    )
    store.keep(tx, evaluation)
    await tx.flush()
    store.keep(tx, *lows)
    bids = {one.supplier_id: one for one in await opened_of(tx, tender_id)}
    for low in lows:
        bid = bids[low.supplier_id]
        record(tx, bid, JustificationRequested(**_of(bid), lot=low.lot, due_at=due))
    audit(tx, "evaluate", tender, before, round=tender.round, abnormally_low=len(lows))
    return tender


async def justify(
    tx: Transaction, tender_id: UUID, lot: str, text: str, supplier_id: UUID
) -> BidJustification:
    """Justify an abnormally low bid, as its bidder, until it is due; what was said before is replaced.

    → BidJustified. Raises ConflictError too late, NotFoundError where nobody asks.
    """
    tender = await lock(tx, tender_id)
    await as_bidder(tx, tender, supplier_id)
    tender.expect_possible(TenderMove.COMPLETE)
    found = await _justification(tx, tender, supplier_id, lot)
    if tx.now >= found.due_at or found.accepted is not None:
        detail = f"It was due by {found.due_at:%Y-%m-%d %H:%M} UTC, or is decided."
        raise ConflictError("justification_late", detail)
    found.text, found.stated_by, found.stated_at = text, tx.actor, tx.now
    bid = await _bid(tx, tender_id, supplier_id)
    record(tx, bid, BidJustified(**_of(bid), lot=lot))
    tx.audit("justify_bid", "tender", tender_id, after={"supplier": supplier_id, "lot": lot, "text": text})
    return found


async def decide(
    tx: Transaction, tender_id: UUID, seen: Seen, supplier_id: UUID, lot: str, *, accepted: bool, reason: str
) -> Tender:
    """Decide whether an abnormally low bid may win, as one of the team who does not lead it.

    → JustificationDecided. Raises ConflictError while its bidder has time left and has said nothing.
    """
    tender = await lock(tx, tender_id, seen)
    expect_of_team(tender, tx.actor)
    leads = [one.person for one in tender.members if TeamRole.LEAD in one.roles]
    expect_another(tx.actor, leads, DECIDED_BY_ANOTHER)
    tender.expect_possible(TenderMove.COMPLETE)
    found = await _justification(tx, tender, supplier_id, lot)
    if found.accepted is not None:
        raise ConflictError("justification_decided", "That is decided, and stands.")
    if found.text is None and (accepted or tx.now < found.due_at):
        detail = f"Its bidder has said nothing; it has until {found.due_at:%Y-%m-%d %H:%M} UTC."
        raise ConflictError("justification_awaited", detail)
    found.accepted, found.reason, found.decided_by, found.decided_at = accepted, reason, tx.actor, tx.now
    evaluation = await _evaluation(tx, tender)
    await _rank_again(tx, evaluation)
    bid = await _bid(tx, tender_id, supplier_id)
    event = JustificationDecided(**_of(bid), lot=lot, accepted=accepted, reason=reason, decided_by=tx.actor)
    record(tx, bid, event)
    after = {"supplier": supplier_id, "lot": lot, "accepted": accepted}
    tx.audit("decide_justification", "tender", tender_id, after=after, reason=reason)
    return tender


async def complete(tx: Transaction, tender_id: UUID, seen: Seen) -> Tender:
    """Let the ranking of a round stand; → EvaluationCompleted.

    Raises ConflictError while a justification is awaited, or not decided.
    """
    tender = await lock_as_lead(tx, tender_id, seen)
    tender.expect_possible(TenderMove.COMPLETE)
    for one in await store.justifications_of(tx, tender_id, tender.round):
        if one.accepted is None and (one.text is not None or tx.now < one.due_at):
            detail = f"The bid of supplier {one.supplier_id} for lot {one.lot} is abnormally low."
            raise ConflictError("justification_open", detail)
    evaluation = await _evaluation(tx, tender)
    evaluation.completed_by, evaluation.completed_at = tx.actor, tx.now
    note_evaluated(tx, tender, placed(evaluation.says), evaluation.digest)
    return tender


def placed(result: EvaluationResult) -> list[PlacedLot]:
    """Return what events say of rankings."""
    names = PlacedBid.model_fields
    return [
        PlacedLot(
            lot=lot.lot,
            bids=tuple(PlacedBid(**{name: getattr(bid, name) for name in names}) for bid in lot.bids[:TOLD]),
            of=len(lot.bids),
        )
        for lot in result.lots
    ]


async def _rank_again(tx: Transaction, evaluation: Evaluation) -> None:
    """Reckon a ranking again from what it was reckoned from, with what was decided since."""
    rows = await store.justifications_of(tx, evaluation.tender_id, evaluation.round)
    justified = [one.counted() for one in rows]
    inputs = evaluation.reckoned_from.model_copy(update={"justified": justified})
    evaluation.inputs, evaluation.result = written(inputs), written(judge(inputs))


async def _due(tx: Transaction, tender: Tender) -> datetime:
    days = (await tendering.policy(tx, tender.says)).value.justification_days
    return working_days_after(tx.now.astimezone(UTC), days, tender.zone)


async def _evaluation(tx: Transaction, tender: Tender) -> Evaluation:
    found = await store.evaluation_of(tx, tender.id, tender.round)
    if found is None:
        raise NotFoundError("evaluation", tender.id)
    return found


async def _justification(tx: Transaction, tender: Tender, supplier_id: UUID, lot: str) -> BidJustification:
    found = await store.justification_of(tx, tender.id, tender.round, supplier_id, lot)
    if found is None:
        raise NotFoundError("justification", lot)
    return found


async def _bid(tx: Transaction, tender_id: UUID, supplier_id: UUID) -> OpenedBid:
    found = await opened_bid_of(tx, tender_id, supplier_id)
    if found is None:
        raise NotFoundError("bid", tender_id)
    return found


def _of(bid: OpenedBid) -> dict[str, UUID]:
    return {"bid_id": bid.id, "tender_id": bid.tender_id, "supplier_id": bid.supplier_id}
