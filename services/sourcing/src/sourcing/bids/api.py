"""Bids over HTTP: sealed by bidders, opened by openers, read by who may.

What holds a bid is stated with `PUT`, of which no idempotency record is kept.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, carries
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.texts import Code
from sourcing.bids import views
from sourcing.bids.commands import opening, placing
from sourcing.bids.rules.content import BidContent
from sourcing.bids.views import BidReceipt, BidReceiptWithKey, OpeningShareOut, OwnBid, TenderBids
from sourcing.openings.store.keys import written
from sourcing.openings.store.rows import opening_of
from sourcing.tenders.api.parts import Member, OfBidder, own_supplier
from sourcing.tenders.api.tenders import Show
from sourcing.tenders.views.tenders import TenderOut

router = APIRouter(prefix="/v1/tenders", tags=["tenders"], route_class=TransactionRoute)
OurReader = Annotated[Principal, requires("sourcing:tenders:read")]
BidKey = Annotated[
    Code | None, Header(alias="Bid-Key", description="The key that the receipt of the last bid told")
]


class ShareGiven(BaseModel):
    """An opener's share of the key."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"share": "AUVs2q0T1mE6qYb1R0cYyQ4"}]}
    )

    share: Code = Field(description="As it was sealed for the caller, opened, in base64url without padding")


class BidWithdrawal(BaseModel):
    """Which version of a bid is taken back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"number": 1}]})

    number: int = Field(ge=1, le=1_000_000, description="Of the last receipt")


@router.put("/{tender_id}/bid")
async def place_bid(tx: Tx, by: OfBidder, tender_id: UUID, body: BidContent) -> BidReceiptWithKey:
    """Bid, or replace the bid before, until the deadline by the server's clock.

    It is sealed before it is stored; the receipt tells the digest of what is, and the key that reads it.
    """
    placed = await placing.place(tx, tender_id, body, own_supplier(by))
    return BidReceiptWithKey.told(placed.bid, placed.key)


@router.get("/{tender_id}/bid")
async def get_own_bid(tx: Tx, by: OfBidder, tender_id: UUID, bid_key: BidKey = None) -> OwnBid:
    """Read one's own bid by the key of its receipt; without it, that it was received."""
    return OwnBid.read(*await placing.read_own(tx, tender_id, own_supplier(by), bid_key))


@router.post("/{tender_id}:withdraw-bid")
async def withdraw_bid(tx: Tx, by: OfBidder, tender_id: UUID, body: BidWithdrawal) -> BidReceipt:
    """Take one's own bid back, until the deadline."""
    return BidReceipt.of(await placing.withdraw(tx, tender_id, own_supplier(by), body.number))


@router.get("/{tender_id}/bids")
async def list_tender_bids(tx: Tx, by: OurReader, tender_id: UUID) -> TenderBids:
    """Read who has bid; and what, once the bids are opened, as one of the team without a conflict."""
    tx.actor = by.subject
    return views.shown(*await opening.shown_bids(tx, tender_id))


@router.get("/{tender_id}/opening-share")
async def get_opening_share(tx: Tx, by: Member, tender_id: UUID) -> OpeningShareOut:
    """Read one's own share of the opening key, as an opener: sealed, so that only one's own key opens it."""
    found = await opening_of(tx, tender_id)
    own = None if found is None else found.share_of(by.subject)
    if own is None:
        raise NotFoundError("opening share", tender_id)
    return OpeningShareOut(tender_id=tender_id, sealed=written(own.sealed))


@router.post("/{tender_id}:open", responses={200: carries(ETAG)})
async def open_tender_bids(tx: Tx, by: Member, tender_id: UUID, body: ShareGiven, show: Show) -> TenderOut:
    """Give one's share of the opening key, after the deadline; the last one that is needed opens all bids."""
    return await show(tx, await opening.open_bids(tx, tender_id, body.share))
