"""What callers state of companies that they invite, and suppliers of themselves."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, Field

from purveyor.countries import Country
from purveyor.http.personal import MARK
from purveyor.texts import Name, Prose
from sourcing.onboarding.rules.changes import Decided, Decision
from sourcing.onboarding.rules.changes import Field as ChangedField
from sourcing.onboarding.rules.invitations import MOST_VALID_DAYS, VALID_DAYS
from sourcing.suppliers.views.stated import (
    DETAILS,
    Categories,
    Contact,
    IdentifierStated,
    LegalName,
    Reason,
    ReasonForSupplier,
    SupplierSite,
)

INVITATION: dict[str, Any] = {
    "email": "erika.muster@example.com",
    "contact_name": "Erika Muster",
    "legal_name": "Muster Schrauben GmbH",
    "country": "DE",
    "identifiers": [{"scheme": "VAT", "value": "DE136695976"}],
    "categories": ["fasteners"],
    "message": "We would like to buy bolts from you.",
}
STATED: dict[str, Any] = {"legal_name": "Muster Verbindungstechnik GmbH", "contacts": DETAILS["contacts"]}
ExpiresInDays = Annotated[
    int, Field(ge=1, le=MOST_VALID_DAYS, description="For how many days the secret lets somebody in")
]


class Invitation(BaseModel):
    """Whom to invite: a company that is not known yet, or a supplier whose people are to keep its file."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={MARK: "invitations", "examples": [INVITATION | {"expires_in_days": VALID_DAYS}]},
    )

    email: EmailStr = Field(description="To where it goes; who sends it is not this service")
    contact_name: Name | None = Field(default=None, description="Whom it is for")
    supplier_id: UUID | None = Field(
        default=None, description="A supplier that is known; what follows is then left out, but the message"
    )
    legal_name: LegalName | None = Field(default=None, description="Of a company that is not known yet")
    country: Country | None = None
    identifiers: list[IdentifierStated] = Field(default=[], max_length=50)
    categories: Categories = []
    message: Prose | None = Field(default=None, description="What it says to whom it is for")
    expires_in_days: ExpiresInDays = VALID_DAYS


class SendingAgain(BaseModel):
    """How long the new secret lets somebody in."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"expires_in_days": VALID_DAYS}]}
    )

    expires_in_days: ExpiresInDays = VALID_DAYS


class WhyNoMore(BaseModel):
    """Why it ends."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "It went to the wrong address"}]}
    )

    reason: Reason


class StatedDetails(BaseModel):
    """What a supplier would have its record say; a field that is left out or null stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [STATED]})

    legal_name: LegalName | None = None
    country: Country | None = None
    identifiers: Annotated[list[IdentifierStated], Field(max_length=50)] | None = Field(
        default=None, description="All of them: those left out go"
    )
    contacts: Annotated[list[Contact], Field(max_length=100)] | None = Field(
        default=None, description="All of them: those left out go"
    )
    categories: Categories | None = Field(default=None, description="All that it offers")
    sites: Annotated[list[SupplierSite], Field(max_length=500)] | None = Field(
        default=None, description="All of them: those left out go"
    )


class ChangeDraft(BaseModel):
    """What a supplier would have otherwise, and what it says to that."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"stated": STATED, "note": "We merged our two companies."}]},
    )

    stated: StatedDetails
    note: Prose | None = Field(default=None, description="To who decides it")

    def content(self) -> dict[str, Any]:
        """Return the fields that are stated, as they are kept."""
        kept: dict[str, Any] = self.stated.model_dump(mode="json", exclude_none=True)
        return kept


class FieldDecision(BaseModel):
    """Whether one field is taken as the supplier would have it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"field": "contacts", "decision": "taken"}]}
    )

    field: ChangedField
    decision: Decision
    reason: Reason | None = None
    reason_for_supplier: ReasonForSupplier = Field(
        default=None, description="What the supplier is told of why: needed where it is returned"
    )

    def decided(self) -> Decided:
        """Return what is decided."""
        return Decided(self.field, self.decision, self.reason, self.reason_for_supplier)


class FieldDecisions(BaseModel):
    """Which fields are taken, and which are returned; what is not named waits on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "decisions": [
                        {"field": "contacts", "decision": "taken"},
                        {
                            "field": "legal_name",
                            "decision": "returned",
                            "reason": "The register knows no such company",
                            "reason_for_supplier": "Send us the extract from the register",
                        },
                    ]
                }
            ]
        },
    )

    decisions: list[FieldDecision] = Field(min_length=1, max_length=len(ChangedField))
