"""An item, and the numbers that are printed on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, column, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from procurement.amounts.rules.categories import TaxCategory
from procurement.database import Base
from procurement.items.rules.receiving import TrackedBy
from procurement.stated import Stated
from purveyor.changes import Changing
from purveyor_contract.events.procurement.items import ItemDefined, ItemRetired
from purveyor_messaging.outbox import Aggregate


class Item(Aggregate, Changing, Stated):
    """Something that is bought again and again, under one code."""

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint("order_multiple > 0", name="order_multiple"),
        CheckConstraint("minimum_quantity > 0", name="minimum_quantity"),
        CheckConstraint("lead_time_days >= 0", name="lead_time_days"),
        CheckConstraint("over_receipt_tolerance BETWEEN 0 AND 100", name="over_receipt_tolerance"),
        CheckConstraint("under_receipt_tolerance BETWEEN 0 AND 100", name="under_receipt_tolerance"),
        CheckConstraint(column("tax_category", Text).in_(TaxCategory), name="tax_category"),
        CheckConstraint(column("tracked_by", Text).in_(TrackedBy), name="tracked_by"),
        CheckConstraint("least_remaining_life_days >= 0", name="least_remaining_life_days"),
        Index("ix_item_changed_in", "changed_in", "code"),
        Index("ix_item_category_code", "category", "code"),
        Index("ix_item_words", text("array_to_tsvector(words)"), postgresql_using="gin"),
    )

    code: Mapped[str] = mapped_column(Text, unique=True)
    description: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    base_unit: Mapped[str] = mapped_column(Text)
    conversions: Mapped[list[dict[str, Any]]]
    gtin: Mapped[str | None] = mapped_column(Text)
    makers: Mapped[list[dict[str, Any]]]
    order_multiple: Mapped[Decimal | None]
    minimum_quantity: Mapped[Decimal | None]
    lead_time_days: Mapped[int | None]
    over_receipt_tolerance: Mapped[Decimal | None]
    under_receipt_tolerance: Mapped[Decimal | None]
    inspection_needed: Mapped[bool]
    tracked_by: Mapped[str] = mapped_column(Text, server_default=text("'none'"))
    least_remaining_life_days: Mapped[int | None]
    hs_code: Mapped[str | None] = mapped_column(Text)
    tax_category: Mapped[str | None] = mapped_column(Text)
    retired_from: Mapped[date | None]
    words: Mapped[list[str]] = mapped_column(ARRAY(Text))

    def defined(self, by: str) -> ItemDefined:
        """Return what the world learns when it is defined, or defined otherwise."""
        shown = {name: getattr(self, name) for name in ItemDefined.model_fields if hasattr(self, name)}
        return ItemDefined.model_validate(shown | {"item_id": self.id, "defined_by": by})

    def retired(self, by: str) -> ItemRetired:
        """Return what the world learns when it is not bought any more, from a day on."""
        if self.retired_from is None:
            raise ValueError("it is not retired")
        return ItemRetired(item_id=self.id, code=self.code, retired_from=self.retired_from, retired_by=by)


class ItemGtin(Base):
    """A GTIN, on one unit of one item and on nothing else."""

    __tablename__ = "item_gtin"
    __table_args__ = (Index("ix_item_gtin_item_id", "item_id"),)

    gtin: Mapped[str] = mapped_column(Text, primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    unit: Mapped[str] = mapped_column(Text)
