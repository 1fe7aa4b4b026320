"""A tax code as it is stated."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Index, Text, column
from sqlalchemy.orm import Mapped, mapped_column

from procurement.amounts.rules.categories import TaxCategory
from procurement.stated import Stated
from purveyor.changes import Changing


class TaxCode(Changing, Stated):
    """How something is taxed in a country, with its rates by period."""

    __tablename__ = "tax_code"
    __table_args__ = (
        CheckConstraint(column("category", Text).in_(TaxCategory), name="category"),
        CheckConstraint("reverse_charge = (category IN ('AE', 'K'))", name="reverse_charge"),
        Index("ix_tax_code_changed_in", "changed_in", "code"),
        Index("ix_tax_code_country_code", "country", "code"),
        Index("ix_tax_code_category_code", "category", "code"),
    )

    name: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    reverse_charge: Mapped[bool]
    periods: Mapped[list[dict[str, Any]]]
