"""Notes of suppliers that are to be judged again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from supplier_performance.database import Base


class ScoreDue(Base):
    """A note that a supplier is to be judged again at some moment: written by events and by the daily job.

    Rows are only added and taken away, never updated, so that consumers never wait for each other.
    """

    __tablename__ = "score_due"
    __table_args__ = (
        Index("ix_score_due_due_at", "due_at", "supplier_id"),
        Index("ix_score_due_settling", "supplier_id", "due_at", postgresql_where=text("settling")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    supplier_id: Mapped[UUID]
    due_at: Mapped[datetime]
    settling: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the supplier is to be left alone until then: an import tells orders before their receipts."""
    traceparent: Mapped[str | None] = mapped_column(Text)
    """Of the event that asks for it; none where it is the passing of time that does."""
