"""Tenders as answers show them: to us with what we would pay and who has which part, to bidders without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from sourcing.openings.store.keys import written
from sourcing.tenders.model import Bidder, Enquiry, Tender, TenderVersion
from sourcing.tenders.rules.content import (
    CONTENT,
    CONTENT_FOR_SUPPLIER,
    TenderContent,
    TenderContentForSupplier,
    TenderKind,
)
from sourcing.tenders.rules.states import TenderMove, TenderStatus, allowed_moves
from sourcing.tenders.views.parts import (
    QUESTION,
    QUESTION_FOR_SUPPLIER,
    VERSION,
    BidderQuestion,
    BidderQuestionForSupplier,
    InvitedBidder,
    TenderMember,
    TenderVersionOut,
    question_for_supplier,
)

ID = "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6fb0"
KEY = "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"
HEADER_FOR_SUPPLIER: dict[str, Any] = {
    "id": ID,
    "number": "T-000042",
    "status": "published",
    "kind": "rfq",
    "title": "Fasteners 2027",
    "edition": 1,
    "round": 1,
    "published_at": "2026-11-20T09:30:00Z",
    "closes_at": "2026-12-18T11:00:00Z",
}
HEADER: dict[str, Any] = HEADER_FOR_SUPPLIER | {
    "open_to_all": False,
    "created_by": "bob",
    "created_at": "2026-11-19T09:30:00Z",
    "bids": 3,
}
FOR_SUPPLIER: dict[str, Any] = HEADER_FOR_SUPPLIER | {
    "content": CONTENT_FOR_SUPPLIER,
    "versions": [VERSION],
    "confirmed_edition": 1,
    "questions": [QUESTION_FOR_SUPPLIER],
    "sealing_key": KEY,
}
SHOWN: dict[str, Any] = HEADER | {
    "content": CONTENT,
    "versions": [VERSION],
    "openers_needed": 2,
    "team": [
        {
            "person": "olga",
            "roles": ["opener"],
            "named_by": "bob",
            "declared_at": "2026-11-19T10:00:00Z",
            "has_conflict": False,
            "has_key": True,
        }
    ],
    "invited": [
        {
            "supplier_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
            "invited_by": "bob",
            "exception_reason": None,
            "confirmed_edition": 1,
        }
    ],
    "bidders": 1,
    "questions": [QUESTION],
    "amendment": None,
    "amendment_why": None,
    "returned_reason": None,
    "published_by": "carla",
    "closed_at": None,
    "opened_at": None,
    "prices_opened_at": None,
    "cancelled_reason": None,
    "allowed_actions": ["amend", "invite", "cancel"],
}


class TenderHeaderForSupplier(BaseModel):
    """A tender as bidders are shown it in a list."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [HEADER_FOR_SUPPLIER]})

    id: UUID
    number: str
    status: TenderStatus
    kind: TenderKind
    title: str
    edition: int = Field(description="0: not published; then 1, and one more by each amendment")
    round: int = Field(description="A later one is between the best of the one before")
    published_at: datetime | None
    closes_at: datetime | None = Field(description="From then on no bid is taken, by the server's clock")

    @classmethod
    def of(cls, tender: Tender) -> Self:
        """Return a tender as a list shows it."""
        return cls.model_validate(tender)


class TenderHeader(TenderHeaderForSupplier):
    """A tender in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER]})

    open_to_all: bool
    created_by: str
    created_at: datetime
    bids: int = Field(description="How many bidders have a bid: that may be known, what they hold not")


class TenderForSupplier(TenderHeaderForSupplier):
    """A tender as bidders are shown it."""

    model_config = ConfigDict(json_schema_extra={"examples": [FOR_SUPPLIER]})

    content: TenderContentForSupplier
    versions: list[TenderVersionOut]
    confirmed_edition: int | None = Field(description="Which version was confirmed; a bid needs the last one")
    questions: list[BidderQuestionForSupplier]
    sealing_key: str = Field(description="The X25519 key that bids are sealed for, in base64url")


class TenderOut(TenderHeader):
    """A tender."""

    model_config = ConfigDict(json_schema_extra={"examples": [SHOWN]})

    content: TenderContent
    versions: list[TenderVersionOut]
    openers_needed: int = Field(description="How many of the openers it takes to open the bids")
    team: list[TenderMember]
    invited: list[InvitedBidder]
    bidders: int = Field(description="How many suppliers may bid, with those that qualify")
    questions: list[BidderQuestion]
    amendment: TenderContent | None = Field(description="What somebody proposes that it says next")
    amendment_why: str | None
    returned_reason: str | None = Field(description="Why it, or an amendment, was not approved last")
    published_by: str | None
    closed_at: datetime | None
    opened_at: datetime | None
    prices_opened_at: datetime | None = Field(description="Later than the bids where they are sealed apart")
    cancelled_reason: str | None
    allowed_actions: list[TenderMove] = Field(description="What its status allows")


@dataclass(frozen=True, slots=True)
class Around:
    """What is shown with a tender."""

    invited: Sequence[Bidder]
    bidders: int
    enquiries: Sequence[Enquiry]
    versions: Sequence[TenderVersion]


def shown(tender: Tender, around: Around) -> TenderOut:
    """Return a tender as we are shown it."""
    names = TenderHeader.model_fields.keys() | {
        "openers_needed",
        "amendment",
        "amendment_why",
        "returned_reason",
        "published_by",
        "closed_at",
        "opened_at",
        "prices_opened_at",
        "cancelled_reason",
    }
    return TenderOut(
        **{name: getattr(tender, name) for name in names},
        content=tender.says,
        versions=[TenderVersionOut.model_validate(one) for one in around.versions],
        team=[TenderMember.of(one) for one in tender.team],
        invited=[InvitedBidder.model_validate(one) for one in around.invited],
        bidders=around.bidders,
        questions=[BidderQuestion.model_validate(one) for one in around.enquiries],
        allowed_actions=list(dict.fromkeys(allowed_moves(tender.stands))),
    )


@dataclass(frozen=True, slots=True)
class AroundForBidder:
    """What a bidder is shown with a tender."""

    bidder: Bidder
    enquiries: Sequence[Enquiry]
    versions: Sequence[TenderVersion]
    sealing_key: bytes

    @property
    def version(self) -> int:
        """What its ETag says to bidders: which version holds, and nothing of who else has bid."""
        return len(self.versions)


def shown_to_bidder(tender: Tender, around: AroundForBidder) -> TenderForSupplier:
    """Return a tender as a bidder is shown it: nothing of what we would pay, nobody's questions by name."""
    return TenderForSupplier(
        **{name: getattr(tender, name) for name in TenderHeaderForSupplier.model_fields},
        content=tender.says.for_supplier(),
        versions=[TenderVersionOut.model_validate(one) for one in around.versions],
        confirmed_edition=around.bidder.confirmed_edition,
        questions=[
            told
            for enquiry in around.enquiries
            if (told := question_for_supplier(enquiry, around.bidder.supplier_id)) is not None
        ],
        sealing_key=written(around.sealing_key),
    )
