"""Merges: which supplier goes on as which, who decided so, and what of it still keeps from ordering."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.errors import ConflictError
from sourcing.database import Base


class SupplierMerge(Authored, Changing, Base):
    """A supplier that goes on as another. Its authors are those of both: none of them decides anything."""

    __tablename__ = "supplier_merge"
    __table_args__ = (
        CheckConstraint("into_id <> supplier_id", name="another"),
        decided_by_another("author_does_not_merge", by="merged_by"),
        decided_by_another("author_does_not_clear", by="cleared_by"),
        CheckConstraint("cleared_by IS NULL OR cleared_by <> merged_by", name="merger_does_not_clear"),
        CheckConstraint("num_nonnulls(cleared_by, cleared_at, clear_reason) IN (0, 3)", name="cleared"),
        CheckConstraint("cleared_by IS NULL OR speaks_against IS NOT NULL", name="cleared_of_something"),
        Index("ix_supplier_merge_into_id", "into_id"),
        Index("ix_supplier_merge_changed_in", "changed_in", "supplier_id"),
        Index("ix_supplier_merge_merged_at", "merged_at", "supplier_id"),
        Index(
            "ix_supplier_merge_waiting",
            "merged_at",
            "supplier_id",
            postgresql_where=text("speaks_against IS NOT NULL AND cleared_by IS NULL"),
        ),
    )

    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    into_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    status_before: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    merged_by: Mapped[str] = mapped_column(Text)
    merged_at: Mapped[datetime]
    identifiers: Mapped[list[dict[str, Any]]]
    """Those that the other one has since."""
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    speaks_against: Mapped[str | None] = mapped_column(Text)
    """Why the other one is not ordered from until somebody has looked."""
    cleared_by: Mapped[str | None] = mapped_column(Text)
    cleared_at: Mapped[datetime | None]
    clear_reason: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    @property
    def waits(self) -> bool:
        """Whether something speaks against the company that nobody has cleared."""
        return self.speaks_against is not None and self.cleared_by is None

    def clear(self, reason: str, by: str, at: datetime) -> None:
        """Note that what spoke against the one does not speak against the other; raises ConflictError."""
        if not self.waits:
            detail = "Nothing that came over with this merge waits to be cleared."
            raise ConflictError("wrong_state", detail, allowed=[])
        self.cleared_by, self.cleared_at, self.clear_reason = by, at, reason
