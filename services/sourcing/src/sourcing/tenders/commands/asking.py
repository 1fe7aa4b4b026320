"""Bidders ask, and what is answered goes to all of them, without a name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, InvalidError
from purveyor.pending import Personal
from purveyor_contract.events.sourcing.tenders import QuestionAnswered
from purveyor_messaging.outbox import record
from sourcing.tenders import store
from sourcing.tenders.commands.parts import as_bidder, expect_in_round, expect_still_open, lock_as_lead
from sourcing.tenders.model import Enquiry, Tender
from sourcing.tenders.rules.states import TenderMove
from sourcing.tenders.rules.timetable import moment_of, zone_called

MOST_OF_A_BIDDER = 100


async def ask(tx: Transaction, tender_id: UUID, question: str, supplier_id: UUID) -> Enquiry:
    """Keep a bidder's question, which is its own until it is answered; raises ConflictError too late."""
    tender = await store.lock_tender(tx, tender_id)
    expect_in_round(tender, await as_bidder(tx, tender, supplier_id))
    expect_still_open(tx, tender, TenderMove.BID)
    until = questions_until(tender)
    if until is not None and tx.now >= until:
        raise ConflictError("questions_ended", f"Questions were taken until {until:%Y-%m-%d %H:%M} UTC.")
    if await store.count_enquiries(tx, tender_id, supplier_id) >= MOST_OF_A_BIDDER:
        raise InvalidError("too_many_questions", f"A bidder asks {MOST_OF_A_BIDDER} questions at most.")
    enquiry = Enquiry(
        id=new_id(),
        tender_id=tender_id,
        supplier_id=supplier_id,
        question=question,
        asked_by=tx.actor,
        asked_at=tx.now,
    )
    store.add_enquiry(tx, enquiry)
    tx.audit("ask", "tender_question", enquiry.id, after={"question": Personal(question)})
    return enquiry


async def answer(
    tx: Transaction, tender_id: UUID, enquiry_id: UUID, answered: str, told_as: str | None
) -> Tender:
    """Answer a question, once, to all bidders; → QuestionAnswered, which does not tell who asked."""
    tender = await lock_as_lead(tx, tender_id)
    expect_still_open(tx, tender, TenderMove.INVITE)
    enquiry = await store.lock_enquiry(tx, tender_id, enquiry_id)
    if enquiry.answer is not None:
        raise ConflictError("answered_already", "This question is answered, and all bidders have read that.")
    tender.enquiries_answered += 1
    enquiry.number, enquiry.told_as = tender.enquiries_answered, told_as
    enquiry.answer, enquiry.answered_by, enquiry.answered_at = answered, tx.actor, tx.now
    event = QuestionAnswered(
        tender_id=tender.id,
        number=tender.number,
        question_number=enquiry.number,
        question=told_as or enquiry.question,
        answer=answered,
        answered_by=tx.actor,
    )
    record(tx, tender, event)
    tx.audit("answer", "tender_question", enquiry.id, after={"answer": answered, "told_as": told_as})
    return tender


def questions_until(tender: Tender) -> datetime | None:
    """Return until when bidders may ask; None: until the tender closes."""
    times = tender.says.timetable
    zone = zone_called(times.time_zone)
    if times.questions_until is None or zone is None:
        return None
    return moment_of(times.questions_until, zone)
