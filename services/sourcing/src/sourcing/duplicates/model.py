"""Pairs of suppliers that may be one, what people said of them, and how far suppliers were compared."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.db import new_id
from purveyor.errors import ConflictError
from sourcing.database import Base


class PossibleDuplicate(Authored, Changing, Base):
    """Two suppliers whose names resemble each other. Its authors are those of both when it is settled."""

    __tablename__ = "possible_duplicate"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="one_pair"),
        CheckConstraint("verdict IN ('same', 'different')", name="verdict"),
        CheckConstraint("num_nonnulls(verdict, settled_by, settled_at, reason) IN (0, 4)", name="settled"),
        decided_by_another("author_does_not_settle", by="settled_by"),
        Index("ix_possible_duplicate_other_id", "other_id"),
        Index("ix_possible_duplicate_found_at", "found_at", "id"),
        Index("ix_possible_duplicate_score", "score", "id"),
        Index("ix_possible_duplicate_changed_in", "changed_in", "id"),
        Index("ix_possible_duplicate_open", "score", "id", postgresql_where=text("verdict IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    one_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    names: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What both were called when they were compared, in order."""
    score: Mapped[Decimal] = mapped_column(Numeric(4, 1))
    resemblance: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(Text)
    settled_by: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    def settle(self, verdict: str, reason: str, by: str, at: datetime) -> None:
        """Note what somebody found out; raises ConflictError where somebody has already."""
        if self.verdict is not None:
            detail = f"{self.settled_by} has settled this already: {self.verdict}."
            raise ConflictError("wrong_state", detail, allowed=[])
        self.verdict, self.settled_by, self.settled_at, self.reason = verdict, by, at, reason

    def open_anew(self) -> None:
        """Forget what was settled of other names."""
        self.verdict = self.settled_by = self.settled_at = self.reason = None
        self.authors = []


class ComparedUntil(Base):
    """How far suppliers were compared, in the order in which they changed; there is one row."""

    __tablename__ = "suppliers_compared"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    changed_in: Mapped[int] = mapped_column(BigInteger)
    supplier_id: Mapped[UUID]
