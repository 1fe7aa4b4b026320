"""Tenders in SQL: one, one to change, those whose time has come, who may bid, what was asked, many."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select, update

from purveyor.days import Moment
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find, numbered
from purveyor.sql import Statement, only
from sourcing.tenders.model import Bidder, Enquiry, Tender, TenderVersion
from sourcing.tenders.rules.content import TenderKind
from sourcing.tenders.rules.states import SHOWN_TO_BIDDERS, TenderStatus

TENDERS = Listing(
    name="tenders",
    id=Tender.id,
    filters=(
        numbered("T", Tender.serial_number),
        equal("status", TenderStatus, Tender.status, "Where it stands", example="published"),
        equal("kind", TenderKind, Tender.kind, "What suppliers are asked for", example="rfq"),
        *between("closes", Moment, Tender.closes_at, "Closing at this moment"),
    ),
    sorts=both_ways("id", Tender.id)[::-1],
    changed=Tender.changed_in,
)


async def find_tenders(tx: Transaction, asked: Asked, supplier_id: UUID | None) -> Found[Tender]:
    """Return a page of tenders; of those that were published for a supplier."""
    tenders: Select[Any] = select(Tender)
    if supplier_id is not None:
        may_bid = exists().where(Bidder.tender_id == Tender.id, Bidder.supplier_id == supplier_id)
        tenders = tenders.where(may_bid, Tender.edition > 0, Tender.status.in_(SHOWN_TO_BIDDERS))
    return await find(tx, tenders, asked)


async def get_tender(tx: Transaction, tender_id: UUID) -> Tender:
    """Return a tender; raises NotFoundError."""
    return _found(tender_id, await tx.session.get(Tender, tender_id))


async def lock_tender(tx: Transaction, tender_id: UUID) -> Tender:
    """Return a tender that nobody else changes meanwhile; raises NotFoundError."""
    return _found(tender_id, await lock_tender_if_any(tx, tender_id))


async def lock_tender_if_any(tx: Transaction, tender_id: UUID) -> Tender | None:
    """Return a tender that nobody else changes meanwhile, if there is one."""
    await tx.session.flush()
    found: Tender | None = await tx.session.get(
        Tender, tender_id, with_for_update=True, populate_existing=True
    )
    return found


def add_tender(tx: Transaction, tender: Tender) -> None:
    """Keep a tender that was begun."""
    tx.session.add(tender)


def add_version(tx: Transaction, version: TenderVersion) -> None:
    """Keep what a tender says from now on."""
    tx.session.add(version)


async def version_of(tx: Transaction, tender_id: UUID, edition: int) -> TenderVersion | None:
    """Return what a tender said from an edition on."""
    found: TenderVersion | None = await tx.session.get(TenderVersion, (tender_id, edition))
    return found


async def versions_of(tx: Transaction, tender_id: UUID) -> Sequence[TenderVersion]:
    """Return all that a tender ever said, the first first."""
    found = await tx.session.scalars(
        select(TenderVersion).where(TenderVersion.tender_id == tender_id).order_by(TenderVersion.edition)
    )
    return found.all()


async def due_to_close(tx: Transaction, now: datetime, at_most: int) -> Sequence[UUID]:
    """Return published tenders whose deadline has passed."""
    found = await tx.session.scalars(
        select(Tender.id)
        .where(Tender.status == TenderStatus.PUBLISHED, Tender.closes_at <= now)
        .order_by(Tender.closes_at, Tender.id)
        .limit(at_most)
    )
    return found.all()


async def open_to_all(tx: Transaction) -> Sequence[Tender]:
    """Return the first rounds of published tenders for which every qualified supplier may bid."""
    found = await tx.session.scalars(
        select(Tender)
        .where(Tender.status == TenderStatus.PUBLISHED, Tender.open_to_all, Tender.round == 1)
        .order_by(Tender.id)
    )
    return found.all()


async def bidder_of(tx: Transaction, tender_id: UUID, supplier_id: UUID) -> Bidder | None:
    """Return a supplier's place among those that may bid."""
    found: Bidder | None = await tx.session.get(Bidder, (tender_id, supplier_id))
    return found


ADMIT: Statement[UUID] = Statement(
    only,
    """
    INSERT INTO tender_bidder (tender_id, supplier_id, admitted_at)
    SELECT :tender_id::uuid, supplier_id, :at::timestamptz FROM unnest(:supplier_ids::uuid[]) AS supplier_id
    ON CONFLICT DO NOTHING
    RETURNING supplier_id
    """,
)
"""Of any number of suppliers: each a parameter of its own would be more than a statement may have."""


def add_bidder(tx: Transaction, bidder: Bidder) -> None:
    """Let a supplier bid that was invited by name."""
    tx.session.add(bidder)


async def admit(tx: Transaction, tender_id: UUID, supplier_ids: Collection[UUID], at: datetime) -> int:
    """Let qualified suppliers bid that may not yet; returns how many there were."""
    if not supplier_ids:
        return 0
    await tx.session.flush()
    return len(await ADMIT.all(tx.connection, tender_id=tender_id, supplier_ids=[*supplier_ids], at=at))


async def invited(tx: Transaction, tender_id: UUID) -> Sequence[Bidder]:
    """Return the suppliers that were invited by name, in the order in which they were."""
    found = await tx.session.scalars(
        select(Bidder)
        .where(Bidder.tender_id == tender_id, Bidder.invited_by.is_not(None))
        .order_by(Bidder.admitted_at, Bidder.supplier_id)
    )
    return found.all()


async def bidders(tx: Transaction, tender_id: UUID) -> Sequence[UUID]:
    """Return all suppliers that may bid, invited by name or not."""
    found = await tx.session.scalars(select(Bidder.supplier_id).where(Bidder.tender_id == tender_id))
    return found.all()


async def take_into_round(
    tx: Transaction, tender_id: UUID, supplier_ids: Collection[UUID], number: int
) -> None:
    """Let some of the bidders bid in a round."""
    await tx.session.execute(
        update(Bidder)
        .where(Bidder.tender_id == tender_id, Bidder.supplier_id.in_(supplier_ids))
        .values(round=number)
    )


async def count_bidders(tx: Transaction, tender_id: UUID) -> int:
    """Return how many suppliers may bid."""
    counted = select(func.count()).select_from(Bidder).where(Bidder.tender_id == tender_id)
    return await tx.session.scalar(counted) or 0


def add_enquiry(tx: Transaction, enquiry: Enquiry) -> None:
    """Keep a bidder's question."""
    tx.session.add(enquiry)


async def lock_enquiry(tx: Transaction, tender_id: UUID, enquiry_id: UUID) -> Enquiry:
    """Return a question of a tender, to answer it; raises NotFoundError."""
    found: Enquiry | None = await tx.session.get(
        Enquiry, enquiry_id, with_for_update=True, populate_existing=True
    )
    if found is None or found.tender_id != tender_id:
        raise NotFoundError("tender question", enquiry_id)
    return found


async def enquiries_of(tx: Transaction, tender_id: UUID) -> Sequence[Enquiry]:
    """Return the questions of a tender, in the order in which they were asked."""
    found = await tx.session.scalars(
        select(Enquiry).where(Enquiry.tender_id == tender_id).order_by(Enquiry.id)
    )
    return found.all()


async def count_enquiries(tx: Transaction, tender_id: UUID, supplier_id: UUID) -> int:
    """Return how many questions a bidder has asked."""
    counted = select(func.count()).select_from(Enquiry)
    of = counted.where(Enquiry.tender_id == tender_id, Enquiry.supplier_id == supplier_id)
    return await tx.session.scalar(of) or 0


def _found(tender_id: UUID, tender: Tender | None) -> Tender:
    if tender is None:
        raise NotFoundError("tender", tender_id)
    return tender
