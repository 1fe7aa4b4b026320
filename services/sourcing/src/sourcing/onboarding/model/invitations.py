"""Invitations, the secrets that were given out for them, and who acts for a supplier because of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.db import new_id
from purveyor.errors import ConflictError
from purveyor_contract.events.sourcing.invitations import (
    SupplierInvitationAccepted,
    SupplierInvitationRevoked,
    SupplierInvitationSent,
)
from purveyor_messaging.outbox import Aggregate
from sourcing.database import Base
from sourcing.onboarding.rules.invitations import InvitationStatus


class SupplierInvitation(Aggregate, Authored, Changing, Base):
    """A company that was asked to become a supplier, or a supplier whose people were asked in."""

    __tablename__ = "supplier_invitation"
    __table_args__ = (
        CheckConstraint("num_nonnulls(accepted_by, accepted_at) IN (0, 2)", name="accepted_wholly"),
        CheckConstraint("(status = 'accepted') = (accepted_at IS NOT NULL)", name="accepted"),
        CheckConstraint("status <> 'accepted' OR supplier_id IS NOT NULL", name="accepted_for_supplier"),
        CheckConstraint("(status = 'revoked') = (revoked_reason IS NOT NULL)", name="revoked"),
        decided_by_another("inviter_does_not_accept", by="accepted_by"),
        Index("ix_supplier_invitation_status", "status", "id"),
        Index("ix_supplier_invitation_supplier_id", "supplier_id", "id"),
        Index("ix_supplier_invitation_expires_at", "expires_at", "id"),
        Index("ix_supplier_invitation_changed_in", "changed_in", "id"),
    )

    status: Mapped[InvitationStatus] = mapped_column(
        Enum(
            InvitationStatus,
            name="status",
            native_enum=False,
            create_constraint=True,
            length=16,
            values_callable=lambda statuses: [s.value for s in statuses],
        )
    )
    email: Mapped[str] = mapped_column(Text)
    contact_name: Mapped[str | None] = mapped_column(Text)
    legal_name: Mapped[str] = mapped_column(Text)
    country: Mapped[str | None] = mapped_column(String(2))
    identifiers: Mapped[list[dict[str, Any]]]
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    message: Mapped[str | None] = mapped_column(Text)
    supplier_id: Mapped[UUID | None] = mapped_column(ForeignKey("supplier.id"))
    invited_by: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    sendings: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime]
    revoked_reason: Mapped[str | None] = mapped_column(Text)
    accepted_by: Mapped[str | None] = mapped_column(Text)
    accepted_at: Mapped[datetime | None]

    def sent(self, by: str) -> SupplierInvitationSent:
        """Return the event that tells that it went out; never what would let anybody in."""
        return SupplierInvitationSent(
            invitation_id=self.id,
            legal_name=self.legal_name,
            country=self.country,
            categories=tuple(self.categories),
            supplier_id=self.supplier_id,
            sending=self.sendings,
            expires_at=self.expires_at,
            sent_by=by,
        )

    def send_again(self, at: datetime, expires_at: datetime, by: str) -> SupplierInvitationSent:
        """Let it go out once more, under another secret."""
        self._expect_open("send it again")
        self.sent_at, self.expires_at = at, expires_at
        self.sendings += 1
        return self.sent(by)

    def revoke(self, reason: str, by: str) -> SupplierInvitationRevoked:
        """Let it let in nobody any more."""
        self._expect_open("revoke it")
        self.status, self.revoked_reason = InvitationStatus.REVOKED, reason
        return SupplierInvitationRevoked(invitation_id=self.id, reason=reason, revoked_by=by)

    def accept(self, supplier_id: UUID, by: str, at: datetime) -> SupplierInvitationAccepted:
        """Note who accepted it, and for which supplier that person acts from now on."""
        self.status, self.supplier_id = InvitationStatus.ACCEPTED, supplier_id
        self.accepted_by, self.accepted_at = by, at
        return SupplierInvitationAccepted(invitation_id=self.id, supplier_id=supplier_id, accepted_by=by)

    def _expect_open(self, wanted: str) -> None:
        if self.status is not InvitationStatus.SENT:
            detail = f"The invitation is {self.status} already: there is nothing left to {wanted} for."
            raise ConflictError("wrong_state", detail, allowed=[])


class InvitationSecret(Base):
    """What was kept of a secret that was given out; those of before say so to who still holds them."""

    __tablename__ = "supplier_invitation_secret"
    __table_args__ = (
        Index(
            "uq_supplier_invitation_secret_current",
            "invitation_id",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("supplier_invitation.id"))
    expires_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class SupplierAccess(Changing, Base):
    """A person of the token issuer's who acts for a supplier, though the token does not say so."""

    __tablename__ = "supplier_access"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_reason) IN (0, 3)", name="withdrawn_wholly"
        ),
        Index(
            "uq_supplier_access_subject",
            "subject",
            "issuer",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_supplier_access_supplier_id", "supplier_id", "id"),
        Index("ix_supplier_access_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    issuer: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("supplier_invitation.id"))
    granted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy
