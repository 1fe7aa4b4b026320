"""Exchange rates as their sources publish them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base


class ExchangeRate(Base):
    """How much of a currency one unit of the base was worth, on a day, as a source says."""

    __tablename__ = "exchange_rate"
    __table_args__ = (
        CheckConstraint("rate > 0", name="rate"),
        CheckConstraint("base <> currency", name="currencies"),
        Index("ix_exchange_rate_day", "day", "source", "base", "currency"),
    )

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    base: Mapped[str] = mapped_column(Text, primary_key=True)
    currency: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    rate: Mapped[Decimal]
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
