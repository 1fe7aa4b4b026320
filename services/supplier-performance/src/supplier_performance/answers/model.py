"""An answer to a question of a scorecard; it is never changed, and a later one of the same day holds."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from supplier_performance.database import Base


class Answer(Base):
    """What somebody thinks of a supplier, in points, and of which period."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
        Index("ix_answer_supplier_id", "supplier_id", "id"),
        Index("ix_answer_question", "supplier_id", "question", "period_ends_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    supplier_id: Mapped[UUID]
    question: Mapped[str] = mapped_column(Text)
    points: Mapped[Decimal]
    period_ends_on: Mapped[date]
    """The last day of what it is about: it counts in windows that this day lies in."""
    note: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]
