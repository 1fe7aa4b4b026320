"""Bids are opened by their tender's openers together, after the deadline; prices apart where sealed so."""

from __future__ import annotations

import hmac
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError
from purveyor_contract.events.sourcing.bids import BidExcluded, BidOpened, BidPricesOpened, OpenedPrice
from purveyor_messaging.outbox import record
from sourcing.bids.model import OpenedBid, SealedBid
from sourcing.bids.rules.content import BidContent
from sourcing.bids.store import rows
from sourcing.bids.store.sealing import Place, digest_of, unseal, unseal_prices, unwrap
from sourcing.openings import commands as openings
from sourcing.suppliers.store.rows import get_supplier
from sourcing.tenders.commands.closing import close_if_due, note_opened, note_prices_opened
from sourcing.tenders.commands.parts import expect_no_conflict
from sourcing.tenders.model import Bidder, Tender
from sourcing.tenders.queries import why_not_qualified
from sourcing.tenders.rules.states import TenderMove, TenderStatus
from sourcing.tenders.rules.team import sees_bids
from sourcing.tenders.store import bidder_of, get_tender, lock_tender


async def open_bids(tx: Transaction, tender_id: UUID, share: str) -> Tender:
    """Give the caller's share of a closed tender's key; the last one that is needed opens all bids, once.

    → BidOpened of each, and BidsOpened. Each is held against the digest of its receipt first. Where prices
    lie in envelopes of their own, those are opened likewise once the technical ones are closed:
    → BidPricesOpened of each that is not out by then, and PricesOpened.
    """
    tender = await lock_tender(tx, tender_id)
    close_if_due(tx, tender)
    tender.expect_possible(TenderMove.OPEN)
    of_prices = tender.stands is TenderStatus.JUDGED
    if of_prices and tender.prices_opened_at is not None:
        raise ConflictError("prices_opened_already", "The prices of this tender are open.")
    expect_no_conflict(tx, tender)
    opened = await openings.give(tx, tender_id, share)
    tx.audit("give_share", "tender", tender_id, after={"opener": tx.actor, "opened": opened is not None})
    if opened is None:
        return tender
    if of_prices:
        for one in await rows.opened_of(tx, tender_id):
            if one.counts:
                _open_prices(tx, tender, one, await rows.version_of(tx, one), opened.key)
        note_prices_opened(tx, tender, opened.by)
        return tender
    for bid in await rows.latest_of_all(tx, tender_id):
        bidder = await bidder_of(tx, tender_id, bid.supplier_id)
        if bid.content is not None and bidder is not None and bidder.round == tender.round:
            await _open(tx, tender, bid, bidder, opened.key)
    note_opened(tx, tender, opened.by)
    return tender


def exclude(tx: Transaction, opened: OpenedBid, why_not: str) -> None:
    """Let an opened bid take no part any more; → BidExcluded."""
    opened.counts, opened.why_not = False, why_not
    record(tx, opened, BidExcluded(bid_id=opened.id, **_of(opened), why_not=why_not))


async def shown_bids(tx: Transaction, tender_id: UUID) -> tuple[list[SealedBid], list[OpenedBid]]:
    """Return who has bid, and what, once it is open, to who is of the team and declared no conflict."""
    tender = await get_tender(tx, tender_id)
    sealed = [bid for bid in await rows.latest_of_all(tx, tender_id) if bid.content is not None]
    if not sees_bids(tender.members, tx.actor):
        return sealed, []
    return sealed, list(await rows.opened_of(tx, tender_id))


async def _open(
    tx: Transaction, tender: Tender, bid: SealedBid, bidder: Bidder, key: X25519PrivateKey
) -> None:
    content, why_not = _read(bid, key, prices_too=not tender.keeps_prices_apart)
    if why_not is None:
        why_not = await _why_not(tx, tender, bid, bidder)
    if why_not is None and content is not None and content.valid_until < tx.day:
        why_not = f"It held until {content.valid_until}."
    opened = await rows.opened_bid_of(tx, tender.id, bid.supplier_id)
    if opened is None:
        opened = OpenedBid(
            id=new_id(), version=1, sequence=0, tender_id=tender.id, supplier_id=bid.supplier_id
        )
        rows.keep(tx, opened)
    elif opened.initial is None:
        opened.initial = opened.content
    opened.number, opened.received_at, opened.digest = bid.number, bid.received_at, bid.digest or b""
    opened.content = None if content is None else content.model_dump(mode="json", exclude_none=True)
    opened.counts, opened.why_not = why_not is None, why_not
    opened.opened_at, opened.round = tx.now, tender.round
    event = BidOpened(
        bid_id=opened.id,
        **_of(opened),
        tender_number=tender.number,
        round=tender.round,
        received_at=bid.received_at,
        digest=opened.digest.hex(),
        counts=opened.counts,
        why_not=why_not,
        currency=None if content is None else content.currency,
        valid_until=None if content is None else content.valid_until,
        prices=() if content is None else _prices(content),
    )
    record(tx, opened, event)


def _open_prices(
    tx: Transaction, tender: Tender, opened: OpenedBid, bid: SealedBid, key: X25519PrivateKey
) -> None:
    content, why_not = _read(bid, key, prices_too=True)
    if content is None:
        opened.counts, opened.why_not = False, why_not
    else:
        opened.content = content.model_dump(mode="json", exclude_none=True)
    event = BidPricesOpened(
        bid_id=opened.id,
        **_of(opened),
        counts=opened.counts,
        why_not=opened.why_not,
        prices=() if content is None else _prices(content),
    )
    record(tx, opened, event)


def _of(opened: OpenedBid) -> dict[str, UUID]:
    return {"tender_id": opened.tender_id, "supplier_id": opened.supplier_id}


def _prices(content: BidContent) -> tuple[OpenedPrice, ...]:
    return tuple(
        OpenedPrice(item=one.item, price=one.price, lead_time_days=one.lead_time_days)
        for one in content.prices
    )


def _read(bid: SealedBid, key: X25519PrivateKey, *, prices_too: bool) -> tuple[BidContent | None, str | None]:
    """Return what a sealed bid says, or why it cannot be read: it is not what its receipt says."""
    sealed, wrapped = bid.content or b"", bid.wrapped or b""
    if not hmac.compare_digest(digest_of(sealed, bid.prices, wrapped), bid.digest or b""):
        return None, "What is stored is not what its receipt says."
    place = Place(bid.tender_id, bid.supplier_id, bid.number)
    try:
        own = unwrap(wrapped, place, key)
        if prices_too and bid.prices is not None:
            return unseal_prices(bid.prices, place, own), None
        return unseal(sealed, place, own), None
    except ValueError as error:
        return None, f"It cannot be read: {error}."


async def _why_not(tx: Transaction, tender: Tender, bid: SealedBid, bidder: Bidder) -> str | None:
    if bidder.confirmed_edition != tender.edition or bid.edition > tender.edition:
        return f"Version {tender.edition} of the tender was not confirmed."
    supplier = await get_supplier(tx, bid.supplier_id)
    if bidder.exception_reason is not None:
        return None
    return await why_not_qualified(tx, supplier, tender.says)
