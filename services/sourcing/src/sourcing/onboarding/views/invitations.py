"""Invitations and who acts for suppliers, as answers show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.http.personal import MARK
from sourcing.onboarding.model import SupplierAccess, SupplierInvitation
from sourcing.onboarding.rules.invitations import InvitationStatus
from sourcing.onboarding.views.stated import INVITATION
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.views.shown import ID, IdentifierOut

SHOWN: dict[str, Any] = INVITATION | {
    "id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9b21",
    "status": "sent",
    "expired": False,
    "supplier_id": None,
    "invited_by": "bob",
    "sent_at": "2026-11-20T09:30:00Z",
    "sendings": 1,
    "expires_at": "2026-12-04T09:30:00Z",
    "revoked_reason": None,
    "accepted_by": None,
    "accepted_at": None,
}
ACCESS: dict[str, Any] = {
    "id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9b22",
    "supplier_id": ID,
    "subject": "erika.muster",
    "invitation_id": SHOWN["id"],
    "granted_at": "2026-11-21T10:00:00Z",
    "withdrawn_at": None,
    "withdrawn_by": None,
    "withdrawn_reason": None,
}


class InvitationOut(BaseModel):
    """An invitation; what lets somebody in is not kept, so it cannot be shown."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={MARK: "invitations", "examples": [SHOWN]}
    )

    id: UUID
    status: InvitationStatus
    expired: bool = Field(description="Whether its time is over: sent again, it has another")
    email: str
    contact_name: str | None
    legal_name: str
    country: str | None
    identifiers: list[IdentifierOut]
    categories: list[str]
    message: str | None
    supplier_id: UUID | None = Field(description="Null: not known before, and not accepted yet")
    invited_by: str
    sent_at: datetime
    sendings: int
    expires_at: datetime
    revoked_reason: str | None
    accepted_by: str | None = Field(description="The subject of the token that it was accepted with")
    accepted_at: datetime | None


class InvitationWithSecret(InvitationOut):
    """An invitation that was just sent, with what is to be sent."""

    model_config = ConfigDict(
        json_schema_extra={
            MARK: "invitations",
            "examples": [SHOWN | {"secret": "kqT2Xn0m6cKx0u9sYb3mJYc4q1m3h8s7l2Zr5t8vWxE"}],
        }
    )

    secret: str | None = Field(
        description="For the link that is sent to whom it is for. Told this one time: null where the request "
        "was answered before. Who lost it sends the invitation again"
    )


class AcceptedInvitation(BaseModel):
    """For which supplier the caller acts from now on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"supplier_id": ID, "number": "S-000042", "legal_name": "Muster Schrauben GmbH"}]
        }
    )

    supplier_id: UUID
    number: str
    legal_name: str

    @classmethod
    def of(cls, supplier: Supplier) -> Self:
        """Return what who accepted is told."""
        return cls(supplier_id=supplier.id, number=supplier.display_number, legal_name=supplier.legal_name)


class AccessOut(BaseModel):
    """A person who acts for a supplier by an invitation, whatever their token says."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [ACCESS]})

    id: UUID
    supplier_id: UUID
    subject: str = Field(description="As the token issuer names them")
    invitation_id: UUID
    granted_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_reason: str | None

    @classmethod
    def of(cls, access: SupplierAccess) -> Self:
        """Return who acts for a supplier."""
        return cls.model_validate(access)


def shown(invitation: SupplierInvitation, now: datetime) -> InvitationOut:
    """Return an invitation as it is read."""
    return InvitationOut(**_content(invitation, now))


def shown_once(invitation: SupplierInvitation, secret: str | None, now: datetime) -> InvitationWithSecret:
    """Return an invitation as who sends it sees it."""
    return InvitationWithSecret(**_content(invitation, now), secret=secret)


def _content(invitation: SupplierInvitation, now: datetime) -> dict[str, Any]:
    names = InvitationOut.model_fields.keys() - {"expired", "identifiers"}
    is_open = invitation.status is InvitationStatus.SENT
    return {name: getattr(invitation, name) for name in names} | {
        "expired": is_open and now >= invitation.expires_at,
        "identifiers": [IdentifierOut(**one) for one in invitation.identifiers],
    }
