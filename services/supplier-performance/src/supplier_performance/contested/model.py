"""A dispute: a supplier says that a line of an order is no fault of its own, and a person decides."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, column, text
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.changes import Changing
from purveyor.errors import ConflictError
from supplier_performance.database import Base


class Status(StrEnum):
    """Where a dispute stands."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class Dispute(Changing, Base):
    """A dispute of an order line; while it is upheld, the line counts for nothing."""

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(Status), name="status"),
        CheckConstraint(
            "(status = 'open') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL) "
            "AND (decided_by IS NULL) = (answer IS NULL)",
            name="decided",
        ),
        CheckConstraint("decided_by IS NULL OR decided_by <> disputed_by", name="decided_by_another"),
        Index(
            "uq_dispute_line",
            "order_id",
            "line_number",
            unique=True,
            postgresql_where=text("status <> 'rejected'"),
        ),
        Index("ix_dispute_supplier_id", "supplier_id", "id"),
        Index("ix_dispute_status", "status", "id"),
        Index("ix_dispute_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    supplier_id: Mapped[UUID]
    order_id: Mapped[UUID]
    line_number: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    disputed_by: Mapped[str] = mapped_column(Text)
    disputed_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    """Why it was decided so, which the supplier is told."""
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    def decide(self, status: Status, answer: str, by: str, at: datetime) -> None:
        """Decide it; raises ConflictError for what was decided before."""
        if self.status != Status.OPEN:
            raise ConflictError("wrong_state", f"The dispute is {self.status} already.", allowed=[])
        self.status, self.answer, self.decided_by, self.decided_at = status.value, answer, by, at
