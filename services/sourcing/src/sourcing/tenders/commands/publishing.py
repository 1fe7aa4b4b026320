"""Somebody else approves a tender, which publishes it, or an amendment, which gives bidders more time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import FieldError, InvalidError
from purveyor.versions import Seen
from purveyor_contract.events.sourcing.tenders import DeadlineExtended, TenderAmended, TenderPublished
from purveyor_messaging.outbox import record
from sourcing.openings import commands as openings
from sourcing.tenders import queries, store
from sourcing.tenders.commands.drafting import check, expect_amendment, expect_complete
from sourcing.tenders.commands.parts import (
    audit,
    expect_first_round,
    expect_still_open,
    lock,
    lock_as_lead,
    said,
)
from sourcing.tenders.commands.team import expect_no_bidder_among
from sourcing.tenders.model import Tender, TenderVersion
from sourcing.tenders.rules.content import TenderContent, TenderKind
from sourcing.tenders.rules.states import APPROVED_BY_ANOTHER, TenderMove, TenderStatus
from sourcing.tenders.rules.team import openers
from sourcing.tenders.rules.timetable import extended, quick_closing, zone_called


async def approve(tx: Transaction, tender_id: UUID, seen: Seen) -> Tender:
    """Publish a tender, or the amendment that was proposed; nobody approves what they wrote."""
    tender = await lock(tx, tender_id, seen)
    if tender.stands is TenderStatus.PUBLISHED:
        return await _amend(tx, tender)
    tender.expect_possible(TenderMove.APPROVE)
    expect_another(tx.actor, tender.authors, APPROVED_BY_ANOTHER)
    return await _publish(tx, tender)


async def propose(tx: Transaction, tender_id: UUID, seen: Seen, content: TenderContent, why: str) -> Tender:
    """Propose what a published tender is to say next; it says so once another has approved it."""
    tender = await lock_as_lead(tx, tender_id, seen)
    expect_still_open(tx, tender, TenderMove.AMEND)
    expect_first_round(tender)
    if content.terms.two_envelopes != tender.says.terms.two_envelopes:
        detail = "Bids may be sealed already: in how many envelopes does not change once it is published."
        raise InvalidError(
            "envelopes_settled", detail, errors=[FieldError("/content/terms/two_envelopes", detail)]
        )
    kind = TenderKind(tender.kind)
    await check(tx, TenderKind.RFQ if kind is TenderKind.QUICK_QUOTE else kind, content)
    if tender.closes_at is not None and tender.closing_of(content) < tender.closes_at:
        detail = (
            f"It closes at {tender.closes_at:%Y-%m-%d %H:%M} UTC: bidders are given more time, never less."
        )
        raise InvalidError(
            "deadline_shortened", detail, errors=[FieldError("/content/timetable/closes_at", detail)]
        )
    tender.propose(content, why, tx.actor)
    audit(tx, "propose", tender, tender.status, why, content=tender.amendment)
    return tender


async def _publish(tx: Transaction, tender: Tender) -> Tender:
    content = tender.says
    kind = TenderKind(tender.kind)
    if content.timetable.closes_at is None:
        zone = zone_called(content.timetable.time_zone)
        if zone is not None:
            content = _closing(content, quick_closing(tx.now, zone))
    await check(tx, kind, content)
    await expect_complete(tx, tender)
    before = tender.status
    tender.state(content)
    tender.move(TenderMove.APPROVE)
    tender.edition, tender.published_by, tender.published_at = 1, tx.actor, tx.now
    tender.closes_at = tender.closing_of(content)
    openings.prepare(tx, tender.id, openers(tender.members), tender.openers_needed)
    _keep(tx, tender, None, list(tender.authors))
    if tender.open_to_all:
        await store.admit(tx, tender.id, await queries.qualified(tx, content), tx.now)
        await expect_no_bidder_among(tx, tender)
    invited = tuple(one.supplier_id for one in await store.invited(tx, tender.id))
    event = TenderPublished(
        **said(tender, content), open_to_all=tender.open_to_all, invited=invited, published_by=tx.actor
    )
    record(tx, tender, event)
    audit(tx, "publish", tender, before, closes_at=tender.closes_at, edition=tender.edition)
    return tender


async def _amend(tx: Transaction, tender: Tender) -> Tender:
    expect_amendment(tender)
    expect_still_open(tx, tender, TenderMove.APPROVE)
    expect_another(tx.actor, tender.amendment_authors, APPROVED_BY_ANOTHER)
    content = TenderContent.model_validate(tender.amendment)
    await check(tx, TenderKind(tender.kind), content)
    zone, closes = zone_called(content.timetable.time_zone), content.timetable.closes_at
    why = tender.amendment_why or ""
    if zone is not None and closes is not None:
        days = (await queries.policy(tx, content)).value.days_after_amendment
        content = _closing(content, extended(closes, tx.now, zone, days))
    authors, previous = list(tender.amendment_authors), tender.closes_at
    tender.state(content)
    tender.closes_at = tender.closing_of(content)
    tender.edition += 1
    _keep(tx, tender, why, authors)
    tender.drop_amendment()
    record(tx, tender, TenderAmended(**said(tender, content), why=why, amended_by=tx.actor))
    if previous is not None and tender.closes_at > previous:
        event = DeadlineExtended(
            tender_id=tender.id,
            number=tender.number,
            previous=previous,
            closes_at=tender.closes_at,
            why=why,
        )
        record(tx, tender, event)
    audit(tx, "amend", tender, tender.status, why, closes_at=tender.closes_at, edition=tender.edition)
    return tender


def _closing(content: TenderContent, at: datetime) -> TenderContent:
    timetable = content.timetable.model_copy(update={"closes_at": at})
    return content.model_copy(update={"timetable": timetable})


def _keep(tx: Transaction, tender: Tender, why: str | None, authors: list[str]) -> None:
    if tender.closes_at is None:
        raise ValueError(f"tender {tender.number} is published without a deadline")
    version = TenderVersion(
        tender_id=tender.id,
        edition=tender.edition,
        content=tender.content,
        closes_at=tender.closes_at,
        why=why,
        authors=authors,
        published_by=tx.actor,
        published_at=tx.now,
    )
    store.add_version(tx, version)
