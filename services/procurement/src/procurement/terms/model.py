"""Terms of payment as they are stated."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.stated import Stated
from purveyor.changes import Changing


class PaymentTerms(Changing, Stated):
    """When we pay, under a code that orders name."""

    __tablename__ = "payment_terms"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="period"),
        Index("ix_payment_terms_changed_in", "changed_in", "code"),
    )

    name: Mapped[str] = mapped_column(Text)
    instalments: Mapped[list[dict[str, Any]]]
    discounts: Mapped[list[dict[str, Any]]]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
