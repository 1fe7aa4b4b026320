"""Who a supplier is, once it was approved: changed by one person, and confirmed by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import decided_by_another
from purveyor.duties import with_author
from purveyor_contract.events.sourcing.suppliers import CategoryApproval as ApprovalInEvent
from purveyor_contract.events.sourcing.suppliers import (
    SupplierEvent,
    SupplierIdentity,
    SupplierIdentityChanged,
    SupplierIdentityConfirmed,
    SupplierIdentityReverted,
    SupplierReinstated,
    SupplierSuspended,
)
from sourcing.suppliers.rules.identity import Identity, differences, why_unconfirmed
from sourcing.suppliers.rules.qualification import Move, Status

IDENTITY_RULES = (
    CheckConstraint("status <> 'approved' OR approved_identity IS NULL", name="approved_as_it_is"),
    CheckConstraint("status <> 'unconfirmed' OR approved_identity IS NOT NULL", name="unconfirmed"),
    decided_by_another(
        "author_does_not_confirm", by="identity_confirmed_by", kept_apart="identity_changed_by"
    ),
    CheckConstraint(
        "identity_changed_by = '{}' OR approved_identity IS NOT NULL OR identity_confirmed_by IS NOT NULL",
        name="changed_is_confirmed",
    ),
)
"""What of it the database itself holds."""


class Identified:
    """A mapped supplier that stands by who it was when it was approved."""

    if TYPE_CHECKING:  # what it needs of the supplier that it is a part of
        id: Mapped[UUID]
        status: Mapped[Status]
        status_reason: Mapped[str | None]
        status_reason_for_supplier: Mapped[str | None]

        def approvals_in_force(self, today: date) -> tuple[ApprovalInEvent, ...]:
            """Return what it may be ordered from on a day."""

        def note_author(self, actor: str) -> None:
            """Note who creates, changes or submits it."""

        def _move(self, move: Move, reason: str | None, told: str | None = None) -> None: ...

    approved_identity: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    identity_changed_by: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    identity_confirmed_by: Mapped[str | None] = mapped_column(Text)
    represented_by: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """Who acts or ever acted for it by an invitation, and so decides nothing about it."""

    def change_identity(
        self, was: Identity, now: Identity, by: str, written_by: Sequence[str] = ()
    ) -> tuple[SupplierEvent, ...]:
        """Note who changed who it is: while it stands by an approval, another has to confirm that."""
        if self.approved_identity is None:
            self.approved_identity, self.identity_changed_by = was.content(), []
            self.identity_confirmed_by = None
        for author in (*written_by, by):
            self.identity_changed_by = with_author(self.identity_changed_by, author)
        changed = differences(Identity.kept(self.approved_identity), now)
        told = SupplierIdentityChanged(
            supplier_id=self.id,
            changed=tuple(changed),
            approved=SupplierIdentity.model_validate(self.approved_identity),
            now=SupplierIdentity.model_validate(now.content()),
            changed_by=by,
        )
        if self.status is not Status.APPROVED:
            return (told,)
        reason = why_unconfirmed(changed, by)
        self.status, self.status_reason, self.status_reason_for_supplier = Status.UNCONFIRMED, reason, None
        return told, SupplierSuspended(supplier_id=self.id, reason=reason, suspended_by=by)

    def note_representative(self, person: str) -> None:
        """Note who acts for it: an author of it from now on, and for good."""
        self.represented_by = with_author(self.represented_by or (), person)
        self.note_author(person)

    @property
    def unconfirmed_by(self) -> list[str]:
        """Who changed who it is since another vouched for that."""
        return [] if self.approved_identity is None else self.identity_changed_by

    def confirm(self, by: str, today: date) -> tuple[SupplierEvent, ...]:
        """Vouch for who it is now, so that it is ordered from again."""
        return self._back(Move.CONFIRM, "Who it is was confirmed", None, by, today)

    def revert(self, reason: str, told: str | None, by: str, today: date) -> tuple[SupplierEvent, ...]:
        """Note that it is again who it was when it was approved, so that it is ordered from again."""
        self.approved_identity, self.identity_changed_by = None, []
        reverted = SupplierIdentityReverted(
            supplier_id=self.id, reason=reason, reason_for_supplier=told, reverted_by=by
        )
        return reverted, *self._back(Move.REVERT, reason, told, by, today)

    def _back(
        self, move: Move, reason: str, told: str | None, by: str, today: date
    ) -> tuple[SupplierEvent, ...]:
        """Return to where it is ordered from; a change of who it is that waits is confirmed by that."""
        self._move(move, reason, told)
        reinstated = SupplierReinstated(
            supplier_id=self.id,
            approvals=self.approvals_in_force(today),
            reason=reason,
            reason_for_supplier=told,
            reinstated_by=by,
        )
        if self.approved_identity is None:
            return (reinstated,)
        self.approved_identity, self.identity_confirmed_by = None, by
        return SupplierIdentityConfirmed(supplier_id=self.id, confirmed_by=by), reinstated
