"""The scores that performance gave a supplier."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from sourcing.database import Base


class SupplierScore(Base):
    """A score as performance published it; its number in its stream keeps the history in order."""

    __tablename__ = "supplier_score"

    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    score: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    grade: Mapped[str | None] = mapped_column(String(1))
    as_of: Mapped[date]
    window_from: Mapped[date]
    window_to: Mapped[date]
    lines_due: Mapped[int] = mapped_column(Integer)
    on_time_percent: Mapped[Decimal | None]
    in_full_percent: Mapped[Decimal | None]
    on_time_in_full_percent: Mapped[Decimal | None]
    rejected_ppm: Mapped[Decimal | None]
    rejected_ppm_by_unit: Mapped[dict[str, Any] | None]
    average_days_late: Mapped[Decimal | None]
    p90_days_late: Mapped[Decimal | None]
    published_at: Mapped[datetime]
