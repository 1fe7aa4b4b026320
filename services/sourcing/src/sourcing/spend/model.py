"""A line that was ordered, as far as sourcing has to know it: of whom, for what, when, for how much."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, Numeric, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from sourcing.database import Base

ZERO = text("0")


class OrderedLine(Base):
    """A line of an order in force: what it comes to, and how much of it was called off and has come."""

    __tablename__ = "ordered_line"
    __table_args__ = (
        Index("ix_ordered_line_ordered_on", "ordered_on"),
        Index("ix_ordered_line_supplier_id", "supplier_id", "ordered_on"),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    supplier_id: Mapped[UUID]
    category: Mapped[str] = mapped_column(Text)
    ordered_on: Mapped[date | None]
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[Decimal] = mapped_column(Numeric)
    quantity: Mapped[Decimal] = mapped_column(Numeric)
    called_off: Mapped[Decimal] = mapped_column(Numeric, server_default=ZERO)
    received: Mapped[Decimal] = mapped_column(Numeric, server_default=ZERO)
