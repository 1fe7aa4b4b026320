"""Events of sourcing. Stream `sourcing.invitations`, keyed by invitation.

None of them says the secret by which an invitation is accepted, nor the address that it went to.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from purveyor_messaging.envelope import Event, Restated


class InvitationEvent(Event):
    """Something that happened to an invitation."""

    service: ClassVar[str] = "sourcing"
    topic: ClassVar[str] = "sourcing.invitations"
    key_field: ClassVar[str] = "invitation_id"

    invitation_id: UUID


class SupplierInvitationSent(InvitationEvent):
    """A company was asked to become a supplier, or a supplier's people to keep its file; also once more."""

    legal_name: str = Field(
        description="The company, as who invited it calls it", examples=["Nordwind Verbindungstechnik GmbH"]
    )
    country: str | None = Field(description="ISO 3166-1 alpha-2", examples=["DE"])
    categories: tuple[str, ...] = Field(
        default=(), description="What it is asked to offer", examples=[["fasteners"]]
    )
    supplier_id: UUID | None = Field(description="Which supplier it is; null for one that is not known yet")
    sending: int = Field(description="1, and one more each time that it is sent again", examples=[1])
    expires_at: datetime = Field(description="From when on it lets in nobody")
    sent_by: str = Field(examples=["bo.buyer"])


class SupplierInvitationAccepted(InvitationEvent):
    """Somebody accepted it; `SupplierRegistered` tells of the supplier where it was not known before."""

    supplier_id: UUID
    accepted_by: str = Field(description="Whose token it was: its subject", examples=["erika.muster"])


class SupplierInvitationRevoked(InvitationEvent):
    """It lets in nobody any more."""

    reason: str = Field(description="For our own people", examples=["sent to the wrong address"])
    revoked_by: str = Field(examples=["bo.buyer"])


class SupplierInvitationRestated(Restated, InvitationEvent):
    """An invitation's stream was told again after sourcing lost events; only the events in here hold."""
