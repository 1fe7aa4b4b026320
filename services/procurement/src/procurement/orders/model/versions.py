"""A past version of an order: what it said from one issue to the next."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base
from procurement.orders.rules.versions import Version, as_json, from_json
from purveyor.authored import decided_by_another


class PurchaseOrderVersion(Base):
    """A version that is past: written once, when an amendment is issued. The one in force is the order."""

    __tablename__ = "purchase_order_version"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(number = 1) = (amendment_id IS NULL)", name="amendment"),
        decided_by_another("author_does_not_approve"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("purchase_order.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    amounts: Mapped[list[Decimal]] = mapped_column(ARRAY(Numeric))
    authors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None]
    issued_by: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime]
    acknowledged_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(Text)
    reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    amendment_id: Mapped[UUID | None]

    @classmethod
    def of(cls, order_id: UUID, version: Version) -> PurchaseOrderVersion:
        """Return a version as it is kept."""
        values = {name: getattr(version, name) for name in Version.__slots__ if name != "content"}
        return cls(order_id=order_id, content=as_json(version.content), **values)

    def version(self) -> Version:
        """Return it as it was kept."""
        values = {name: getattr(self, name) for name in Version.__slots__ if name != "content"}
        return Version(content=from_json(self.content), **values)
