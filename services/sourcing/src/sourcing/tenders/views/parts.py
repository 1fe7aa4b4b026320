"""What a tender is shown with: versions, questions of bidders, its team, who was invited."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from sourcing.tenders.model import Enquiry, TeamMember
from sourcing.tenders.rules.team import TeamRole

QUESTION_FOR_SUPPLIER: dict[str, Any] = {
    "id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6fb1",
    "number": 1,
    "question": "Is A4-80 accepted in place of A2-70?",
    "answer": "Yes, at the same price",
    "answered_at": "2026-11-22T09:30:00Z",
    "own": False,
}
QUESTION: dict[str, Any] = {name: value for name, value in QUESTION_FOR_SUPPLIER.items() if name != "own"} | {
    "supplier_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    "asked_by": "sue",
    "asked_at": "2026-11-21T09:30:00Z",
    "told_as": None,
    "answered_by": "bob",
}
VERSION: dict[str, Any] = {"edition": 1, "published_at": "2026-11-20T09:30:00Z", "why": None}


class BidderQuestionForSupplier(BaseModel):
    """A question of a bidder's own, or one that was answered, whoever asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [QUESTION_FOR_SUPPLIER]})

    id: UUID
    number: int | None = Field(description="Of those that were answered; null while it was not")
    question: str
    answer: str | None
    answered_at: datetime | None
    own: bool = Field(description="Whether the caller asked it")


class BidderQuestion(BaseModel):
    """A question of a bidder."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [QUESTION]})

    id: UUID
    number: int | None = Field(description="Of those that were answered; null while it was not")
    supplier_id: UUID = Field(description="Who asked; no other bidder is told")
    question: str
    asked_by: str
    asked_at: datetime
    told_as: str | None = Field(description="As others are shown it, where its words would tell who asked")
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


class TenderVersionOut(BaseModel):
    """From when on a tender said something else, and why."""

    model_config = ConfigDict(from_attributes=True)

    edition: int
    published_at: datetime
    why: str | None = Field(description="Of an amendment")


class TenderMember(BaseModel):
    """Somebody's part in a tender."""

    person: str
    roles: list[TeamRole]
    named_by: str
    declared_at: datetime | None = Field(description="When a conflict of interest was declared, or denied")
    has_conflict: bool
    has_key: bool = Field(description="Whether a share of the opening key can be sealed for them")

    @classmethod
    def of(cls, member: TeamMember) -> Self:
        """Return somebody's part."""
        return cls(
            person=member.person,
            roles=[TeamRole(role) for role in member.roles],
            named_by=member.named_by,
            declared_at=member.declared_at,
            has_conflict=member.conflict is not None,
            has_key=member.opening_key is not None,
        )


class InvitedBidder(BaseModel):
    """A supplier that was invited by name."""

    model_config = ConfigDict(from_attributes=True)

    supplier_id: UUID
    invited_by: str
    exception_reason: str | None = Field(description="Why it may bid without being qualified")
    confirmed_edition: int | None = Field(description="Which version it has taken note of last")


def question_for_supplier(enquiry: Enquiry, supplier_id: UUID) -> BidderQuestionForSupplier | None:
    """Return a question as a bidder is shown it: its own, or one that was answered; else None."""
    own = enquiry.supplier_id == supplier_id
    if not own and enquiry.answer is None:
        return None
    return BidderQuestionForSupplier(
        id=enquiry.id,
        number=enquiry.number,
        question=enquiry.question if own else enquiry.told_as or enquiry.question,
        answer=enquiry.answer,
        answered_at=enquiry.answered_at,
        own=own,
    )
