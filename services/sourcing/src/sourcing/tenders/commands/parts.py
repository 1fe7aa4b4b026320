"""What every command on a tender does: lock it, ask who may, note it in the trail, tell what it says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, ForbiddenError, NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.tenders import TenderedItem, TenderedLot
from sourcing.tenders import store
from sourcing.tenders.model import Bidder, Tender
from sourcing.tenders.rules.content import TenderContent
from sourcing.tenders.rules.states import SHOWN_TO_BIDDERS, TenderMove, TenderStatus, moved
from sourcing.tenders.rules.team import CONFLICTED, TeamRole
from sourcing.tenders.rules.timetable import moment_of, zone_called

TENDER = "tender"


async def lock(tx: Transaction, tender_id: UUID, seen: Seen | None = None) -> Tender:
    """Lock a tender; raises PreconditionFailedError unless it is as it was seen."""
    tender = await store.lock_tender(tx, tender_id)
    if seen is not None:
        expect_version(tender, seen)
    return tender


async def lock_as_lead(tx: Transaction, tender_id: UUID, seen: Seen | None = None) -> Tender:
    """Lock a tender for who leads it; raises ForbiddenError for anybody else."""
    tender = await lock(tx, tender_id, seen)
    if not any(one.person == tx.actor and TeamRole.LEAD in one.roles for one in tender.members):
        leads = [one.person for one in tender.members if TeamRole.LEAD in one.roles]
        raise ForbiddenError("not_the_lead", f"Those who lead it do that: {', '.join(leads)}.")
    expect_no_conflict(tx, tender)
    return tender


def expect_no_conflict(tx: Transaction, tender: Tender) -> None:
    """Raise ForbiddenError for who declared a conflict of interest."""
    expect_another(tx.actor, [one.person for one in tender.members if one.has_conflict], CONFLICTED)


def expect_still_open(tx: Transaction, tender: Tender, move: TenderMove) -> None:
    """Raise ConflictError unless a tender is published and its deadline is to come, by the server's clock.

    A deadline that has passed has closed it, whether or not the chore that notes so has run.
    """
    is_over = tender.closes_at is not None and tx.now >= tender.closes_at
    over = is_over and tender.stands is TenderStatus.PUBLISHED
    moved(tender.number, TenderStatus.CLOSED if over else tender.stands, move)


def expect_first_round(tender: Tender) -> None:
    """Raise ConflictError once bids were opened: what is asked, and of whom, was settled by then."""
    if tender.round > 1:
        detail = (
            "Its bids were opened: what is asked stays as it is, and later rounds take a subset of bidders."
        )
        raise ConflictError("rounds_begun", detail)


def expect_in_round(tender: Tender, bidder: Bidder) -> None:
    """Raise ForbiddenError for a bidder that the round does not take."""
    if bidder.round != tender.round:
        detail = f"Round {tender.round} is between others; your bid stands as you left it."
        raise ForbiddenError("not_in_this_round", detail)


async def as_bidder(tx: Transaction, tender: Tender, supplier_id: UUID) -> Bidder:
    """Return a supplier's place in a tender that it may see; raises NotFoundError for one that may not."""
    bidder = await store.bidder_of(tx, tender.id, supplier_id)
    if bidder is None or tender.edition == 0 or tender.stands not in SHOWN_TO_BIDDERS:
        raise NotFoundError("tender", tender.id)
    return bidder


def said(tender: Tender, content: TenderContent) -> dict[str, Any]:
    """Return what events say of what a tender says."""
    zone = zone_called(content.timetable.time_zone)
    until = content.timetable.questions_until
    return {
        "tender_id": tender.id,
        "number": tender.number,
        "edition": tender.edition,
        "kind": tender.kind,
        "title": content.title,
        "currency": content.currency,
        "region": content.region,
        "lots": tuple(
            TenderedLot(
                code=lot.code,
                title=lot.title,
                items=tuple(
                    TenderedItem(**{name: getattr(item, name) for name in TenderedItem.model_fields})
                    for item in lot.items
                ),
            )
            for lot in content.lots
        ),
        "questions_until": None if until is None or zone is None else moment_of(until, zone),
        "closes_at": tender.closes_at,
        "time_zone": content.timetable.time_zone,
    }


def audit(
    tx: Transaction,
    action: str,
    tender: Tender,
    before: str | None,
    reason: str | None = None,
    **more: Any,
) -> None:
    """Note what was done to a tender in the trail."""
    tx.audit(
        action,
        TENDER,
        tender.id,
        before=None if before is None else {"status": before},
        after={"status": tender.status} | more,
        reason=reason,
    )
