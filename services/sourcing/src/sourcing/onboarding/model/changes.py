"""What a supplier writes of itself: drafted, proposed, and decided field by field."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.db import new_id
from sourcing.database import Base
from sourcing.onboarding.rules.changes import ChangeStatus, Decided, Decision, Field


def _texts(of: type[Any], name: str) -> Enum:
    return Enum(
        of,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda values: [value.value for value in values],
    )


class ProposedField(Authored, Base):
    """One field that a supplier would have otherwise, and what a buyer decided of it.

    It repeats who wrote it, so that the database itself keeps them apart from who decides.
    """

    __tablename__ = "supplier_change_field"
    __table_args__ = (
        CheckConstraint("num_nonnulls(decision, decided_by, decided_at) IN (0, 3)", name="decided_wholly"),
        CheckConstraint(
            "decision IS DISTINCT FROM 'returned' OR reason_for_supplier IS NOT NULL", name="returned_told"
        ),
        decided_by_another("author_does_not_decide", by="decided_by"),
    )

    change_id: Mapped[UUID] = mapped_column(ForeignKey("supplier_change.id"), primary_key=True)
    field: Mapped[Field] = mapped_column(_texts(Field, "field"), primary_key=True)
    decision: Mapped[Decision | None] = mapped_column(_texts(Decision, "decision"))
    reason: Mapped[str | None] = mapped_column(Text)
    reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]

    def decide(self, decided: Decided, by: str, at: datetime) -> None:
        """Note what was decided."""
        self.decision, self.decided_by, self.decided_at = decided.decision, by, at
        self.reason, self.reason_for_supplier = decided.reason, decided.reason_for_supplier


class SupplierChange(Authored, Changing, Base):
    """What a supplier would have otherwise in its record: its own until it is proposed."""

    __tablename__ = "supplier_change"
    __table_args__ = (
        CheckConstraint("status NOT IN ('proposed', 'decided') OR record IS NOT NULL", name="proposed"),
        Index(
            "uq_supplier_change_open",
            "supplier_id",
            unique=True,
            postgresql_where=text("status IN ('draft', 'proposed')"),
        ),
        Index("ix_supplier_change_supplier_id", "supplier_id", "id"),
        Index("ix_supplier_change_status", "status", "id"),
        Index("ix_supplier_change_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    status: Mapped[ChangeStatus] = mapped_column(_texts(ChangeStatus, "status"))
    stated: Mapped[dict[str, Any]]
    note: Mapped[str | None] = mapped_column(Text)
    record: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    proposed_at: Mapped[datetime | None]
    decisions: Mapped[int] = mapped_column(server_default=text("0"), default=0)

    fields: Mapped[list[ProposedField]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=ProposedField.field
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    @property
    def waiting(self) -> list[str]:
        """The fields that nobody has decided yet."""
        return [one.field.value for one in self.fields if one.decision is None]
