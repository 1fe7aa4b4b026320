"""Terms of payment as they are stated."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.stated import Stated


class PaymentTerms(Stated):
    """When we pay, under a code that orders name."""

    __tablename__ = "payment_terms"
    __table_args__ = (CheckConstraint("valid_to >= valid_from", name="period"),)

    name: Mapped[str] = mapped_column(Text)
    instalments: Mapped[list[dict[str, Any]]]
    discounts: Mapped[list[dict[str, Any]]]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
