"""Bids as answers show them: receipts to bidders, who has bid to us, and what once it is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from sourcing.bids.model import OpenedBid, SealedBid
from sourcing.bids.rules.content import BID, BidContent
from sourcing.openings.store.keys import written

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
RECEIPT: dict[str, Any] = {
    "number": 1,
    "edition": 1,
    "received_at": "2026-12-01T09:30:00Z",
    "digest": DIGEST,
}
OPENED: dict[str, Any] = {
    "supplier_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    "number": 1,
    "received_at": "2026-12-01T09:30:00Z",
    "digest": DIGEST,
    "content": BID,
    "counts": True,
    "why_not": None,
}


class BidReceipt(BaseModel):
    """That a bid, or its withdrawal, was received."""

    model_config = ConfigDict(json_schema_extra={"examples": [RECEIPT]})

    number: int = Field(description="1, and one more each time that it is replaced or withdrawn")
    edition: int = Field(description="The version of the tender that it answers")
    received_at: datetime = Field(description="By the server's clock")
    digest: str | None = Field(
        description="SHA-256 of what is stored, in hexadecimal digits; null: it was withdrawn"
    )

    @classmethod
    def of(cls, bid: SealedBid) -> Self:
        """Return a receipt."""
        return cls(**_receipt(bid))


class BidReceiptWithKey(BidReceipt):
    """That a bid was received, and the key by which its bidder reads it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [RECEIPT | {"key": "q3W1yqf0c7mUO0Q3j8JpW0v5m3nVbF8o2yT6h9s4kXw"}]}
    )

    key: str = Field(
        description="Reads this version of the bid, in the header `Bid-Key`; told once and kept nowhere. "
        "Who lost it bids again"
    )

    @classmethod
    def told(cls, bid: SealedBid, key: bytes) -> Self:
        """Return a receipt with the key of its bid."""
        return cls(**_receipt(bid), key=written(key))


class OwnBid(BidReceipt):
    """A bidder's own bid."""

    model_config = ConfigDict(json_schema_extra={"examples": [RECEIPT | {"content": BID}]})

    content: BidContent | None = Field(description="Null without the key of its receipt, and when withdrawn")

    @classmethod
    def read(cls, bid: SealedBid, content: BidContent | None) -> Self:
        """Return a bidder's own bid."""
        return cls(**_receipt(bid), content=content)


class TenderBid(BaseModel):
    """A bid as we are shown it."""

    model_config = ConfigDict(json_schema_extra={"examples": [OPENED]})

    supplier_id: UUID
    number: int
    received_at: datetime
    digest: str
    content: BidContent | None = Field(
        description="Null until it is opened, and to who is not of the team or has a conflict of interest"
    )
    counts: bool | None = Field(description="Whether it takes part in the evaluation; null: not opened")
    why_not: str | None


class TenderBids(BaseModel):
    """The bids of a tender, in the order in which they were received."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"bids": [OPENED]}]})

    bids: list[TenderBid]


class OpeningShareOut(BaseModel):
    """The caller's share of a tender's opening key, sealed for their own key."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"tender_id": OPENED["supplier_id"], "sealed": "b64url…"}]}
    )

    tender_id: UUID
    sealed: str = Field(description="In base64url: HPKE, X25519, HKDF-SHA256, AES-256-GCM (RFC 9180)")


def shown(sealed: Sequence[SealedBid], opened: Sequence[OpenedBid]) -> TenderBids:
    """Return who has bid, and what of it may be seen."""
    by_supplier = {bid.supplier_id: bid for bid in opened}
    bids = []
    for bid in sorted(sealed, key=lambda one: (one.received_at, one.supplier_id)):
        found = by_supplier.get(bid.supplier_id)
        if found is not None and found.number != bid.number:
            found = None  # a later round's is sealed again
        bids.append(
            TenderBid(
                supplier_id=bid.supplier_id,
                number=bid.number,
                received_at=bid.received_at,
                digest=(bid.digest or b"").hex(),
                content=None if found is None else found.says,
                counts=None if found is None else found.counts,
                why_not=None if found is None else found.why_not,
            )
        )
    return TenderBids(bids=bids)


def _receipt(bid: SealedBid) -> dict[str, Any]:
    return {
        "number": bid.number,
        "edition": bid.edition,
        "received_at": bid.received_at,
        "digest": None if bid.digest is None else bid.digest.hex(),
    }
