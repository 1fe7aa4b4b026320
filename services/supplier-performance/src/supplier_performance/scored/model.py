"""Scores as they were published, each with what made it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from supplier_performance.database import Base


class ScoreHistory(Base):
    """A score that a supplier had, from the moment of its event until the next one's."""

    __tablename__ = "score_history"

    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    """The number of its SupplierScoreUpdated in the supplier's stream."""
    score: Mapped[Decimal | None]
    grade: Mapped[str | None]
    as_of: Mapped[date]
    window_from: Mapped[date]
    window_to: Mapped[date]
    judged_at: Mapped[datetime]
    rules: Mapped[dict[str, Any]]
    policy_versions: Mapped[dict[str, Any] | None]
    measures: Mapped[dict[str, Any]]
    card: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The parts that made it; null of what was judged before scores had them."""
