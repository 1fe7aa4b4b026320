"""Bids are placed, replaced and withdrawn until the deadline, by their bidders, who alone read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
from sourcing.bids.model import SealedBid
from sourcing.bids.rules.checks import check_bid
from sourcing.bids.rules.content import BidContent
from sourcing.bids.store import rows
from sourcing.bids.store.sealing import Place, seal, unseal, unseal_prices
from sourcing.openings.store.keys import unwritten
from sourcing.openings.store.rows import opening_of
from sourcing.tenders.commands.closing import count_bids
from sourcing.tenders.commands.parts import as_bidder, expect_in_round, expect_still_open
from sourcing.tenders.model import Tender
from sourcing.tenders.rules.content import TenderKind
from sourcing.tenders.rules.states import TenderMove
from sourcing.tenders.store import get_tender, lock_tender


@dataclass(frozen=True, slots=True)
class Placed:
    """A bid that was sealed, and its key, which its bidder alone is told."""

    bid: SealedBid
    key: bytes


async def place(tx: Transaction, tender_id: UUID, content: BidContent, supplier_id: UUID) -> Placed:
    """Seal a bidder's bid, in place of the one before; → BidReceived, which says nothing of it.

    Raises ConflictError after the deadline by the server's clock, and for one that has not confirmed the
    version of the tender that holds; InvalidError for a bid that does not answer the tender.
    """
    tender = await lock_tender(tx, tender_id)
    bidder = await as_bidder(tx, tender, supplier_id)
    expect_in_round(tender, bidder)
    expect_still_open(tx, tender, TenderMove.BID)
    if bidder.confirmed_edition != tender.edition:
        detail = f"Version {tender.edition} of the tender holds: confirm it before you bid."
        raise ConflictError("version_not_confirmed", detail)
    opening = await opening_of(tx, tender_id)
    if opening is None or tender.closes_at is None:
        raise NotFoundError("tender", tender_id)
    check_bid(TenderKind(tender.kind), tender.says, content, tender.closes_at.astimezone(UTC).date())
    if tender.round > 1:
        await _expect_same_answers(tx, tender_id, supplier_id, content)
    before = await rows.latest_of(tx, tender_id, supplier_id)
    number = 1 if before is None else before.number + 1
    place = Place(tender_id, supplier_id, number)
    sealed = seal(content, place, opening.public_key, apart=tender.keeps_prices_apart)
    bid = _version(tx, tender, supplier_id, number)
    bid.content, bid.prices = sealed.content, sealed.prices
    bid.wrapped, bid.digest = sealed.wrapped, sealed.digest
    rows.keep(tx, bid)
    count_bids(tx, tender, 1 if before is None or before.content is None else 0)
    _audit(tx, "bid", bid)
    return Placed(bid, sealed.key)


async def withdraw(tx: Transaction, tender_id: UUID, supplier_id: UUID, number: int) -> SealedBid:
    """Take a bidder's own bid back until the deadline; what it was is kept, and nobody opens it.

    Raises InvalidError when somebody has replaced it since.
    """
    tender = await lock_tender(tx, tender_id)
    expect_in_round(tender, await as_bidder(tx, tender, supplier_id))
    expect_still_open(tx, tender, TenderMove.BID)
    before = await rows.latest_of(tx, tender_id, supplier_id)
    if before is None or before.content is None:
        raise NotFoundError("bid", tender_id)
    if before.number != number:
        detail = f"It was replaced since: version {before.number} holds."
        raise InvalidError("bid_replaced", detail, errors=[FieldError("/number", detail)])
    bid = _version(tx, tender, supplier_id, before.number + 1)
    rows.keep(tx, bid)
    count_bids(tx, tender, -1)
    _audit(tx, "withdraw_bid", bid)
    return bid


async def read_own(
    tx: Transaction, tender_id: UUID, supplier_id: UUID, key: str | None
) -> tuple[SealedBid, BidContent | None]:
    """Return a bidder's own bid, and what it says by the key of its receipt; without, that it is there.

    Raises InvalidError for a key that is not this version's.
    """
    await as_bidder(tx, await get_tender(tx, tender_id), supplier_id)
    bid = await rows.latest_of(tx, tender_id, supplier_id)
    if bid is None:
        raise NotFoundError("bid", tender_id)
    if key is None or bid.content is None:
        return bid, None
    place, read_by = Place(tender_id, supplier_id, bid.number), unwritten(key) or b""
    try:
        if bid.prices is not None:
            return bid, unseal_prices(bid.prices, place, read_by)
        return bid, unseal(bid.content, place, read_by)
    except ValueError as error:
        detail = "This is not the key that the receipt of your last bid says."
        errors = [FieldError("/header/Bid-Key", detail)]
        raise InvalidError("bid_key_wrong", detail, errors=errors) from error


async def _expect_same_answers(
    tx: Transaction, tender_id: UUID, supplier_id: UUID, content: BidContent
) -> None:
    """Raise InvalidError when answers differ from those that were judged before anybody read a price."""
    opened = await rows.opened_bid_of(tx, tender_id, supplier_id)
    said = None if opened is None else opened.says
    if said is not None and {one.question: one.text for one in said.answers} != {
        one.question: one.text for one in content.answers
    }:
        detail = "Answers were judged in the first round, and stay: this round is of prices."
        raise InvalidError("bid_unfit", detail, errors=[FieldError("/answers", detail)])


def _version(tx: Transaction, tender: Tender, supplier_id: UUID, number: int) -> SealedBid:
    return SealedBid(
        tender_id=tender.id,
        supplier_id=supplier_id,
        number=number,
        edition=tender.edition,
        received_at=tx.now,
        received_from=tx.actor,
    )


def _audit(tx: Transaction, action: str, bid: SealedBid) -> None:
    """Note that a bid came or went; of what it says, nothing but the digest of what is stored."""
    after = {
        "supplier": bid.supplier_id,
        "number": bid.number,
        "digest": None if bid.digest is None else bid.digest.hex(),
    }
    tx.audit(action, "tender", bid.tender_id, after=after)
