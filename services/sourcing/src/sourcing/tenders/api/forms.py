"""What requests about tenders state."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.texts import Code, Prose, Reference, Why
from sourcing.openings.rules import MOST_OPENERS
from sourcing.suppliers.views.stated import Reason
from sourcing.tenders.commands.drafting import TenderStated
from sourcing.tenders.rules.content import CONTENT, TenderContent, TenderKind
from sourcing.tenders.rules.team import TeamRole
from sourcing.tenders.views.tenders import KEY

Person = Annotated[Reference, Field(description="Who: the `sub` of their tokens", examples=["olga.opener"])]


def _with(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class TenderDraft(BaseModel):
    """All of a tender that is drafted."""

    model_config = _with({"kind": "rfq", "openers_needed": 2, "content": CONTENT})

    kind: TenderKind
    open_to_all: bool = Field(
        default=False, description="Whether each supplier may bid that is qualified for all its categories"
    )
    openers_needed: int = Field(
        default=1, ge=1, le=MOST_OPENERS, description="How many of the openers it takes to open the bids"
    )
    content: TenderContent

    def stated(self) -> TenderStated:
        """Return what it says."""
        return TenderStated(self.kind, self.open_to_all, self.openers_needed, self.content)


class TenderAmendment(BaseModel):
    """All that a published tender is to say next."""

    model_config = _with({"why": "The drawing of position 3 changed", "content": CONTENT})

    why: Why = Field(description="Bidders are told it")
    content: TenderContent


class TenderReturn(BaseModel):
    """Why a tender, or an amendment, is not approved."""

    model_config = _with({"reason": "The terms of delivery are missing"})

    reason: Reason


class TenderCancellation(BaseModel):
    """Why nothing is bought by a tender."""

    model_config = _with({"reason": "The project was stopped"})

    reason: Reason


class BidderInvitation(BaseModel):
    """Which supplier may bid."""

    model_config = _with({"supplier_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10"})

    supplier_id: UUID
    exception_reason: Why | None = Field(
        default=None, description="Why it may bid although it is not qualified for all that is asked for"
    )


class TeamPart(BaseModel):
    """What somebody does in a tender."""

    model_config = _with({"person": "olga.opener", "roles": ["opener"]})

    person: Person
    roles: list[TeamRole] = Field(min_length=1, max_length=len(TeamRole))


class TeamDeclaration(BaseModel):
    """Whether the caller has a conflict of interest, and the key that a share is sealed for."""

    model_config = _with({"conflict": None, "opening_key": KEY})

    conflict: Prose | None = Field(description="What it is; null: there is none")
    opening_key: Code | None = Field(
        default=None,
        description="Of openers: their X25519 public key, 32 bytes in base64url without padding "
        "(`purveyor tenders make-key`)",
    )


class VersionConfirmed(BaseModel):
    """Which version a bidder has taken note of."""

    model_config = _with({"edition": 1})

    edition: int = Field(ge=1, le=10_000)


class QuestionAsked(BaseModel):
    """What a bidder asks."""

    model_config = _with({"question": "Is A4-80 accepted in place of A2-70?"})

    question: Prose


class QuestionAnswer(BaseModel):
    """What all bidders are told."""

    model_config = _with({"answer": "Yes, at the same price"})

    answer: Prose
    told_as: Prose | None = Field(
        default=None, description="The question as all are shown it, where its words would tell who asked"
    )
