"""The supplier: its details, its status, what it is approved for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Enum,
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

from purveyor.authored import Authored
from purveyor.changes import Changing
from purveyor.errors import ConflictError
from purveyor_contract.events.sourcing.suppliers import (
    CategoryApproval as ApprovalInEvent,
)
from purveyor_contract.events.sourcing.suppliers import (
    SupplierApproved,
    SupplierDetailsChanged,
    SupplierEvent,
    SupplierIdentifier,
    SupplierRegistered,
    SupplierRejected,
    SupplierSuspended,
    SupplierTerminated,
)
from purveyor_messaging.outbox import Aggregate
from sourcing.database import Base
from sourcing.suppliers.model.blocks import Blocked, SupplierBlock
from sourcing.suppliers.model.ends import END_RULES, Ended
from sourcing.suppliers.model.grouping import GROUPING_RULES, Grouped
from sourcing.suppliers.model.identity import IDENTITY_RULES, Identified
from sourcing.suppliers.model.parents import PARENT_RULES, Belonging
from sourcing.suppliers.model.parts import CategoryApproval, Identifier
from sourcing.suppliers.rules.identity import Identity
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


class Supplier(Aggregate, Authored, Identified, Belonging, Blocked, Ended, Grouped, Changing, Base):
    """A company that we may buy from, and where it stands with us."""

    __tablename__ = "supplier"
    __table_args__ = (
        UniqueConstraint("id", "registered_by"),
        CheckConstraint("country IS NOT NULL OR imported", name="country"),
        CheckConstraint("imported = (import_digest IS NOT NULL)", name="import_digest"),
        *IDENTITY_RULES,
        *END_RULES,
        *GROUPING_RULES,
        *PARENT_RULES,
        Index(
            "uq_supplier_external_reference_source_system",
            "external_reference",
            "source_system",
            unique=True,
            postgresql_where=text("external_reference IS NOT NULL"),
        ),
        Index("ix_supplier_status", "status", "number"),
        Index("ix_supplier_country", "country", "number"),
        Index("ix_supplier_grade", "grade", "number"),
        Index("ix_supplier_stopped", "consequence", postgresql_where=text("consequence LIKE 'no_new_%'")),
        Index("ix_supplier_imported", "imported", "number"),
        Index("ix_supplier_source_system", "source_system", "number"),
        Index("ix_supplier_registered_on", "registered_on", "number"),
        Index("ix_supplier_changed_in", "changed_in", "id"),
        Index("ix_supplier_name_key", "name_key", "id"),
        Index("ix_supplier_likeness", "likeness", "id"),
        Index("ix_supplier_search_form", "search_form"),
        Index("ix_supplier_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
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
    phones_since: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
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
    external_reference: Mapped[str | None] = mapped_column(Text)
    source_system: Mapped[str] = mapped_column(Text, server_default=text("'main'"))
    imported: Mapped[bool] = mapped_column(default=False)
    import_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    score: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    grade: Mapped[str | None] = mapped_column(String(1))
    scored_on: Mapped[date | None]
    consequence: Mapped[str | None] = mapped_column(Text)
    """What follows of its grade, as performance says: `warn`, `no_new_tenders`, `no_new_orders`."""
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
    blocks: Mapped[list[SupplierBlock]] = relationship(
        lazy="selectin",
        cascade="all, delete-orphan",
        order_by=(SupplierBlock.blocked_at, SupplierBlock.cause, SupplierBlock.reference),
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
            authors=tuple(self.authors),
            external_reference=self.external_reference,
            source_system=self.source_system,
            imported=self.imported,
        )

    def details_changed(
        self, identifiers: Iterable[SupplierIdentifier], by: str, *, identity_changed: bool
    ) -> SupplierDetailsChanged:
        """Return the event that carries its details as they are now."""
        return SupplierDetailsChanged(
            supplier_id=self.id,
            legal_name=self.legal_name,
            country=self.country,
            identifiers=tuple(identifiers),
            categories=tuple(self.categories),
            changed_by=by,
            identity_changed=identity_changed,
        )

    def identity(self, identifiers: Iterable[SupplierIdentifier] | None = None) -> Identity:
        """Return who it is, with these numbers or those that it has."""
        numbers = self.identifiers if identifiers is None else identifiers
        known_by = frozenset((i.scheme, i.value) for i in numbers)
        return Identity(self.legal_name, self.country, known_by, self.parent_id)

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
