"""The supplier: its details, its status, what it is approved for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Numeric,
    Sequence,
    String,
    Text,
    UniqueConstraint,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from purveyor.authored import Authored, decided_by_another
from purveyor.duties import with_author
from purveyor.errors import ConflictError
from purveyor_contract.events.sourcing.suppliers import (
    CategoryApproval as ApprovalInEvent,
)
from purveyor_contract.events.sourcing.suppliers import (
    SupplierApproved,
    SupplierDetailsChanged,
    SupplierEvent,
    SupplierIdentifier,
    SupplierIdentity,
    SupplierIdentityChanged,
    SupplierIdentityConfirmed,
    SupplierIdentityReverted,
    SupplierRegistered,
    SupplierReinstated,
    SupplierRejected,
    SupplierSuspended,
    SupplierTerminated,
)
from purveyor_messaging.outbox import Aggregate
from sourcing.database import Base
from sourcing.suppliers.rules.identity import Identity, differences, why_unconfirmed
from sourcing.suppliers.rules.likeness import skeleton
from sourcing.suppliers.rules.qualification import (
    MOVES,
    Move,
    Status,
    allowed_moves,
    display_number,
    in_force,
)
from sourcing.suppliers.rules.search import FORM, indexed, searchable

ABOVE_ALL_SCORES, BELOW_ALL_SCORES = Decimal("100.1"), Decimal("-0.1")
"""What stands for a missing score when suppliers are sorted by it, so that it comes last either way."""

number_sequence = Sequence("supplier_number", metadata=Base.metadata, data_type=BigInteger)


class Identifier(Base):
    """A number by which others know a supplier; no two suppliers share one."""

    __tablename__ = "supplier_identifier"
    __table_args__ = (Index("ix_supplier_identifier_supplier_id", "supplier_id"),)

    scheme: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))


class CategoryApproval(Authored, Base):
    """A category that a supplier may be ordered from, until when, and who decided so.

    It repeats who registered the supplier, and notes who had written it when it was approved, so that the
    database itself keeps them apart from who decided.
    """

    __tablename__ = "category_approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ["supplier_id", "registered_by"], ["supplier.id", "supplier.registered_by"], onupdate="CASCADE"
        ),
        CheckConstraint("imported OR approved_by <> registered_by", name="approver_is_not_registrar"),
        decided_by_another("author_does_not_approve", unless="imported"),
        Index("ix_category_approval_category", "category", "expires_on"),
    )

    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(Text, primary_key=True)
    expires_on: Mapped[date | None]
    approved_by: Mapped[str] = mapped_column(Text)
    approved_at: Mapped[datetime]
    registered_by: Mapped[str] = mapped_column(Text)
    imported: Mapped[bool] = mapped_column(default=False)


class Supplier(Aggregate, Authored, Base):
    """A company that we may buy from, and where it stands with us."""

    __tablename__ = "supplier"
    __table_args__ = (
        UniqueConstraint("id", "registered_by"),
        CheckConstraint("country IS NOT NULL OR imported", name="country"),
        CheckConstraint("imported = (import_digest IS NOT NULL)", name="import_digest"),
        CheckConstraint("status <> 'approved' OR approved_identity IS NULL", name="approved_as_it_is"),
        CheckConstraint("status <> 'unconfirmed' OR approved_identity IS NOT NULL", name="unconfirmed"),
        decided_by_another(
            "author_does_not_confirm", by="identity_confirmed_by", kept_apart="identity_changed_by"
        ),
        CheckConstraint(
            "identity_changed_by = '{}' OR approved_identity IS NOT NULL"
            " OR identity_confirmed_by IS NOT NULL",
            name="changed_is_confirmed",
        ),
        Index("ix_supplier_status", "status", "number"),
        Index("ix_supplier_country", "country", "number"),
        Index("ix_supplier_grade", "grade", "number"),
        Index("ix_supplier_name_key", "name_key", "id"),
        Index("ix_supplier_likeness", "likeness", "id"),
        Index("ix_supplier_search_form", "search_form"),
        Index("ix_supplier_categories", "categories", postgresql_using="gin"),
        Index(
            "ix_supplier_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    legal_name: Mapped[str] = mapped_column(Text)
    country: Mapped[str | None] = mapped_column(String(2))
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    contacts: Mapped[list[dict[str, Any]]]
    sites: Mapped[list[dict[str, Any]]]
    status: Mapped[Status] = mapped_column(
        Enum(
            Status,
            name="status",
            native_enum=False,
            create_constraint=True,
            length=16,
            values_callable=lambda statuses: [s.value for s in statuses],
        )
    )
    status_reason: Mapped[str | None] = mapped_column(Text)
    status_reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    registered_by: Mapped[str] = mapped_column(Text)
    registered_at: Mapped[datetime]
    registered_on: Mapped[date]
    external_reference: Mapped[str | None] = mapped_column(Text, unique=True)
    approved_identity: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    identity_changed_by: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    identity_confirmed_by: Mapped[str | None] = mapped_column(Text)
    imported: Mapped[bool] = mapped_column(default=False)
    import_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    score: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    grade: Mapped[str | None] = mapped_column(String(1))
    scored_on: Mapped[date | None]
    name_key: Mapped[str] = mapped_column(Text(collation="C"))
    search_text: Mapped[str] = mapped_column(Text)
    likeness: Mapped[str | None] = mapped_column(Text(collation="C"))
    search_form: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))

    identifiers: Mapped[list[Identifier]] = relationship(
        lazy="selectin", viewonly=True, order_by=(Identifier.scheme, Identifier.value)
    )
    approvals: Mapped[list[CategoryApproval]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=CategoryApproval.category
    )

    @property
    def display_number(self) -> str:
        """Its number as people use it."""
        return display_number(self.number)

    @property
    def allowed_actions(self) -> tuple[Move, ...]:
        """What may be done to it now."""
        return allowed_moves(self.status)

    def index_for_search(self, identifiers: Iterable[SupplierIdentifier]) -> None:
        """Refresh what search and sorting by name look at."""
        values = (identifier.value for identifier in identifiers)
        self.search_text = indexed(self.legal_name, self.display_number, self.external_reference, *values)
        self.name_key = searchable(self.legal_name).strip()
        self.likeness = skeleton(self.legal_name)
        self.search_form = FORM

    def registered(self, identifiers: Iterable[SupplierIdentifier]) -> SupplierRegistered:
        """Return the event that makes it known."""
        return SupplierRegistered(
            supplier_id=self.id,
            number=self.display_number,
            legal_name=self.legal_name,
            country=self.country,
            identifiers=tuple(identifiers),
            categories=tuple(self.categories),
            registered_by=self.registered_by,
            external_reference=self.external_reference,
        )

    def details_changed(self, identifiers: Iterable[SupplierIdentifier], by: str) -> SupplierDetailsChanged:
        """Return the event that carries its details as they are now."""
        return SupplierDetailsChanged(
            supplier_id=self.id,
            legal_name=self.legal_name,
            country=self.country,
            identifiers=tuple(identifiers),
            categories=tuple(self.categories),
            changed_by=by,
        )

    def identity(self, identifiers: Iterable[SupplierIdentifier] | None = None) -> Identity:
        """Return who it is, with these numbers or those that it has."""
        numbers = self.identifiers if identifiers is None else identifiers
        return Identity(self.legal_name, self.country, frozenset((i.scheme, i.value) for i in numbers))

    def change_identity(self, was: Identity, now: Identity, by: str) -> tuple[SupplierEvent, ...]:
        """Note who changed who it is: while it stands by an approval, another has to confirm that."""
        if self.approved_identity is None:
            self.approved_identity, self.identity_changed_by = was.content(), []
            self.identity_confirmed_by = None
        self.identity_changed_by = with_author(self.identity_changed_by, by)
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

    def submit(self) -> None:
        """Hand it in for qualification."""
        self._move(Move.SUBMIT, None)

    def approve(
        self, categories: Iterable[str], expires_on: date | None, by: str, at: datetime
    ) -> SupplierApproved:
        """Allow orders in these categories through that day, beside those approved before."""
        self._move(Move.APPROVE, None)
        self.grant(categories, expires_on, by, at)
        return self.approved(by, at.date())

    def take_over_approval(
        self, categories: Iterable[str], expires_on: date | None, by: str, at: datetime
    ) -> SupplierApproved:
        """Allow orders because the system that it comes from did; nobody here decided it."""
        self._move(Move.SUBMIT, None)
        self._move(Move.APPROVE, None)
        self.grant(categories, expires_on, by, at, imported=True)
        return self.approved(by, at.date())

    def grant(
        self,
        categories: Iterable[str],
        expires_on: date | None,
        by: str,
        at: datetime,
        *,
        imported: bool = False,
    ) -> None:
        """Add approvals, or give those that exist a new last day."""
        known = {approval.category: approval for approval in self.approvals}
        for category in categories:
            approval = known.get(category)
            if approval is None:
                approval = CategoryApproval(category=category, registered_by=self.registered_by)
                self.approvals.append(approval)
            approval.expires_on, approval.approved_by, approval.approved_at = expires_on, by, at
            approval.imported, approval.authors = imported, list(self.authors)

    def approved(self, by: str, today: date) -> SupplierApproved:
        """Return the event that carries every approval in force."""
        return SupplierApproved(supplier_id=self.id, approvals=self.approvals_in_force(today), approved_by=by)

    def reject(self, reason: str, told: str | None, by: str) -> SupplierRejected:
        """Refuse qualification; it may be submitted again."""
        self._move(Move.REJECT, reason, told)
        return SupplierRejected(supplier_id=self.id, reason=reason, reason_for_supplier=told, rejected_by=by)

    def suspend(self, reason: str, told: str | None, by: str) -> SupplierSuspended:
        """Stop new orders until it is reinstated."""
        self._move(Move.SUSPEND, reason, told)
        return SupplierSuspended(
            supplier_id=self.id, reason=reason, reason_for_supplier=told, suspended_by=by
        )

    def reinstate(self, reason: str, told: str | None, by: str, today: date) -> tuple[SupplierEvent, ...]:
        """Allow orders again, for the approvals still in force, and vouch for who it is now."""
        return self._back(Move.REINSTATE, reason, told, by, today)

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

    def terminate(self, reason: str, told: str | None, by: str) -> SupplierTerminated:
        """End the relation for good."""
        self._move(Move.TERMINATE, reason, told)
        return SupplierTerminated(
            supplier_id=self.id, reason=reason, reason_for_supplier=told, terminated_by=by
        )

    def approvals_in_force(self, today: date) -> tuple[ApprovalInEvent, ...]:
        """Return what it may be ordered from on a day, were it not suspended."""
        return tuple(
            ApprovalInEvent(category=approval.category, expires_on=approval.expires_on)
            for approval in sorted(self.approvals, key=lambda approval: approval.category)
            if in_force(approval.expires_on, today)
        )

    def expect_possible(self, move: Move) -> Status:
        """Return the status that a move leads to; raises ConflictError naming what is possible instead."""
        status = MOVES.get((self.status, move))
        if status is None:
            allowed = [allowed.value for allowed in self.allowed_actions]
            raise ConflictError(
                "wrong_state",
                f"Supplier {self.display_number} is {self.status}, which does not allow to {move} it; "
                f"possible now: {', '.join(allowed) or 'nothing more'}.",
                allowed=allowed,
            )
        return status

    def _move(self, move: Move, reason: str | None, told: str | None = None) -> None:
        self.status = self.expect_possible(move)
        self.status_reason, self.status_reason_for_supplier = reason, told


def _score_or(missing: Decimal) -> ColumnElement[Decimal]:
    """Return the score with its stand-in spelt out: with a parameter in it, no index would match."""
    return func.coalesce(Supplier.score, literal_column(str(missing), Numeric(4, 1)))


RISING_SCORE, FALLING_SCORE = _score_or(ABOVE_ALL_SCORES), _score_or(BELOW_ALL_SCORES)

Index("ix_supplier_score_rising", RISING_SCORE, Supplier.id)
Index("ix_supplier_score_falling", FALLING_SCORE, Supplier.id)
