"""Sealed and opened bids in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from purveyor.db import Transaction
from sourcing.bids.model import OpenedBid, SealedBid


async def latest_of(tx: Transaction, tender_id: UUID, supplier_id: UUID) -> SealedBid | None:
    """Return the last version of a bidder's bid, or that it was withdrawn."""
    found: SealedBid | None = await tx.session.scalar(
        select(SealedBid)
        .where(SealedBid.tender_id == tender_id, SealedBid.supplier_id == supplier_id)
        .order_by(SealedBid.number.desc())
        .limit(1)
    )
    return found


async def latest_of_all(tx: Transaction, tender_id: UUID) -> Sequence[SealedBid]:
    """Return the last version of each bidder's bid, withdrawn ones too."""
    found = await tx.session.scalars(
        select(SealedBid)
        .ext(distinct_on(SealedBid.supplier_id))
        .where(SealedBid.tender_id == tender_id)
        .order_by(SealedBid.supplier_id, SealedBid.number.desc())
    )
    return found.all()


async def opened_of(tx: Transaction, tender_id: UUID) -> Sequence[OpenedBid]:
    """Return the bids of a tender that were opened, in the order in which they were received."""
    found = await tx.session.scalars(
        select(OpenedBid)
        .where(OpenedBid.tender_id == tender_id)
        .order_by(OpenedBid.received_at, OpenedBid.id)
    )
    return found.all()


async def opened_bid_of(tx: Transaction, tender_id: UUID, supplier_id: UUID) -> OpenedBid | None:
    """Return a bidder's bid as it was opened last, if it was."""
    found: OpenedBid | None = await tx.session.scalar(
        select(OpenedBid).where(OpenedBid.tender_id == tender_id, OpenedBid.supplier_id == supplier_id)
    )
    return found


async def version_of(tx: Transaction, opened: OpenedBid) -> SealedBid:
    """Return the version of a bid that was opened."""
    return await tx.session.get_one(SealedBid, (opened.tender_id, opened.supplier_id, opened.number))


async def lock_opened_if_any(tx: Transaction, bid_id: UUID) -> OpenedBid | None:
    """Return an opened bid that nobody else changes meanwhile, if there is one."""
    found: OpenedBid | None = await tx.session.get(
        OpenedBid, bid_id, with_for_update=True, populate_existing=True
    )
    return found


def keep(tx: Transaction, bid: SealedBid | OpenedBid) -> None:
    """Keep a bid."""
    tx.session.add(bid)
