"""The technical envelopes of a tender are closed, its bids ranked, and another round opened for the best."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor_contract.events.sourcing.tenders import (
    EvaluationCompleted,
    PlacedLot,
    RoundOpened,
    TechnicalEnvelopeClosed,
)
from purveyor_messaging.outbox import record
from sourcing.tenders import store
from sourcing.tenders.commands.parts import audit
from sourcing.tenders.model import Tender
from sourcing.tenders.rules.states import TenderMove
from sourcing.tenders.rules.timetable import FARTHEST, moment_of


def note_technical_closed(tx: Transaction, tender: Tender, excluded: Sequence[UUID]) -> None:
    """Note that the answers of a locked tender's bids were judged; → TechnicalEnvelopeClosed."""
    before = tender.status
    tender.move(TenderMove.CLOSE_TECHNICAL)
    event = TechnicalEnvelopeClosed(
        tender_id=tender.id, number=tender.number, closed_by=tx.actor, excluded=tuple(excluded)
    )
    record(tx, tender, event)
    audit(tx, "close_technical", tender, before, excluded=list(excluded))


def note_evaluated(tx: Transaction, tender: Tender, lots: Sequence[PlacedLot], digest: str) -> None:
    """Note that the bids of a locked tender's round are ranked; → EvaluationCompleted."""
    before = tender.status
    tender.move(TenderMove.COMPLETE)
    event = EvaluationCompleted(
        tender_id=tender.id,
        number=tender.number,
        round=tender.round,
        currency=tender.says.currency,
        lots=tuple(lots),
        digest=digest,
        completed_by=tx.actor,
    )
    record(tx, tender, event)
    audit(tx, "complete_evaluation", tender, before, round=tender.round, digest=digest)


async def open_round(
    tx: Transaction, tender: Tender, suppliers: Sequence[UUID], best: int, local: datetime, bids: int
) -> None:
    """Let the best bidders of a locked tender bid again, until another deadline; → RoundOpened.

    Raises InvalidError for a deadline that does not come.
    """
    before = tender.status
    closes_at = _closing(tx, tender, local)
    tender.move(TenderMove.OPEN_ROUND)
    tender.round += 1
    tender.closes_at, tender.bids = closes_at, bids
    tender.closed_at = tender.opened_at = tender.prices_opened_at = None
    await store.take_into_round(tx, tender.id, suppliers, tender.round)
    event = RoundOpened(
        tender_id=tender.id,
        number=tender.number,
        round=tender.round,
        best=best,
        suppliers=tuple(suppliers),
        closes_at=closes_at,
        opened_by=tx.actor,
    )
    record(tx, tender, event)
    audit(
        tx, "open_round", tender, before, round=tender.round, suppliers=list(suppliers), closes_at=closes_at
    )


def _closing(tx: Transaction, tender: Tender, local: datetime) -> datetime:
    try:
        found = moment_of(local, tender.zone)
    except ValueError as error:
        raise _wrong(f"{str(error)[0].upper()}{str(error)[1:]}.") from error
    if found <= tx.now:
        raise _wrong(f"It is {tx.now:%Y-%m-%d %H:%M} UTC already.")
    if found > tx.now + FARTHEST:
        raise _wrong(f"That is more than {FARTHEST.days} days from now.")
    return found


def _wrong(detail: str) -> InvalidError:
    return InvalidError("timetable_wrong", detail, errors=[FieldError("/closes_at", detail)])
