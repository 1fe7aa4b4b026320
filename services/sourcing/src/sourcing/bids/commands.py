"""What is done with bids: placed, replaced and withdrawn until the deadline; opened by the openers after."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
from purveyor_contract.events.sourcing.bids import BidOpened, OpenedPrice
from purveyor_messaging.outbox import record
from sourcing.bids.model import OpenedBid, SealedBid
from sourcing.bids.rules.checks import check_bid
from sourcing.bids.rules.content import BidContent
from sourcing.bids.store import rows
from sourcing.bids.store.sealing import Place, digest_of, seal, unseal, unwrap
from sourcing.openings import commands as openings
from sourcing.openings.store.keys import unwritten
from sourcing.openings.store.rows import opening_of
from sourcing.suppliers.store.rows import get_supplier
from sourcing.tenders.commands.closing import close_if_due, count_bids, note_opened
from sourcing.tenders.commands.parts import as_bidder, expect_no_conflict, expect_still_open
from sourcing.tenders.model import Bidder, Tender
from sourcing.tenders.queries import why_not_qualified
from sourcing.tenders.rules.content import TenderKind
from sourcing.tenders.rules.states import TenderMove
from sourcing.tenders.rules.team import sees_bids
from sourcing.tenders.store import bidder_of, get_tender, lock_tender


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
    expect_still_open(tx, tender, TenderMove.BID)
    if bidder.confirmed_edition != tender.edition:
        detail = f"Version {tender.edition} of the tender holds: confirm it before you bid."
        raise ConflictError("version_not_confirmed", detail)
    opening = await opening_of(tx, tender_id)
    if opening is None or tender.closes_at is None:
        raise NotFoundError("tender", tender_id)
    check_bid(TenderKind(tender.kind), tender.says, content, tender.closes_at.astimezone(UTC).date())
    before = await rows.latest_of(tx, tender_id, supplier_id)
    number = 1 if before is None else before.number + 1
    sealed = seal(content, Place(tender_id, supplier_id, number), opening.public_key)
    bid = _version(tx, tender, supplier_id, number)
    bid.content, bid.wrapped, bid.digest = sealed.content, sealed.wrapped, sealed.digest
    rows.keep(tx, bid)
    count_bids(tx, tender, 1 if before is None or before.content is None else 0)
    _audit(tx, "bid", bid)
    return Placed(bid, sealed.key)


async def withdraw(tx: Transaction, tender_id: UUID, supplier_id: UUID, number: int) -> SealedBid:
    """Take a bidder's own bid back until the deadline; what it was is kept, and nobody opens it.

    Raises InvalidError when somebody has replaced it since.
    """
    tender = await lock_tender(tx, tender_id)
    await as_bidder(tx, tender, supplier_id)
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
    try:
        found = unseal(bid.content, Place(tender_id, supplier_id, bid.number), unwritten(key) or b"")
    except ValueError as error:
        detail = "This is not the key that the receipt of your last bid says."
        errors = [FieldError("/header/Bid-Key", detail)]
        raise InvalidError("bid_key_wrong", detail, errors=errors) from error
    return bid, found


async def open_bids(tx: Transaction, tender_id: UUID, share: str) -> Tender:
    """Give the caller's share of a closed tender's key; the last one that is needed opens all bids, once.

    → BidOpened of each, and BidsOpened. Each is held against the digest of its receipt first.
    """
    tender = await lock_tender(tx, tender_id)
    close_if_due(tx, tender)
    tender.expect_possible(TenderMove.OPEN)
    expect_no_conflict(tx, tender)
    opened = await openings.give(tx, tender_id, share)
    tx.audit("give_share", "tender", tender_id, after={"opener": tx.actor, "opened": opened is not None})
    if opened is None:
        return tender
    for bid in await rows.latest_of_all(tx, tender_id):
        if bid.content is not None:
            await _open(tx, tender, bid, opened.key)
    note_opened(tx, tender, opened.by)
    return tender


async def shown_bids(tx: Transaction, tender_id: UUID) -> tuple[list[SealedBid], list[OpenedBid]]:
    """Return who has bid, and what, once it is open, to who is of the team and declared no conflict."""
    tender = await get_tender(tx, tender_id)
    sealed = [bid for bid in await rows.latest_of_all(tx, tender_id) if bid.content is not None]
    if not sees_bids(tender.members, tx.actor):
        return sealed, []
    return sealed, list(await rows.opened_of(tx, tender_id))


async def _open(tx: Transaction, tender: Tender, bid: SealedBid, key: X25519PrivateKey) -> None:
    content, why_not = _read(bid, key)
    bidder = await bidder_of(tx, tender.id, bid.supplier_id)
    if why_not is None:
        why_not = await _why_not(tx, tender, bid, bidder)
    opened = OpenedBid(
        id=new_id(),
        version=1,
        sequence=0,
        tender_id=tender.id,
        supplier_id=bid.supplier_id,
        number=bid.number,
        received_at=bid.received_at,
        digest=bid.digest or b"",
        content=None if content is None else content.model_dump(mode="json", exclude_none=True),
        counts=why_not is None,
        why_not=why_not,
        opened_at=tx.now,
    )
    rows.keep(tx, opened)
    event = BidOpened(
        bid_id=opened.id,
        tender_id=tender.id,
        tender_number=tender.number,
        supplier_id=bid.supplier_id,
        received_at=bid.received_at,
        digest=opened.digest.hex(),
        counts=opened.counts,
        why_not=why_not,
        currency=None if content is None else content.currency,
        valid_until=None if content is None else content.valid_until,
        prices=()
        if content is None
        else tuple(
            OpenedPrice(item=one.item, price=one.price, lead_time_days=one.lead_time_days)
            for one in content.prices
        ),
    )
    record(tx, opened, event)


def _read(bid: SealedBid, key: X25519PrivateKey) -> tuple[BidContent | None, str | None]:
    """Return what a sealed bid says, or why it cannot be read: it is not what its receipt says."""
    sealed, wrapped = bid.content or b"", bid.wrapped or b""
    if not hmac.compare_digest(digest_of(sealed, wrapped), bid.digest or b""):
        return None, "What is stored is not what its receipt says."
    place = Place(bid.tender_id, bid.supplier_id, bid.number)
    try:
        return unseal(sealed, place, unwrap(wrapped, place, key)), None
    except ValueError as error:
        return None, f"It cannot be read: {error}."


async def _why_not(tx: Transaction, tender: Tender, bid: SealedBid, bidder: Bidder | None) -> str | None:
    if bidder is None or bidder.confirmed_edition != tender.edition or bid.edition > tender.edition:
        return f"Version {tender.edition} of the tender was not confirmed."
    supplier = await get_supplier(tx, bid.supplier_id)
    if bidder.exception_reason is not None:
        return None
    return await why_not_qualified(tx, supplier, tender.says)


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
