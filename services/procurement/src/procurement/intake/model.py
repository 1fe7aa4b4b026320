"""A need as somebody said it at the door, the way that it was told, and what it was started with."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Sequence, Text, column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base
from procurement.intake.rules import Route
from procurement.requisitions.rules.stated import LineKind
from purveyor.changes import Changing
from purveyor.db import new_id

NUMBER = Sequence("need_number", metadata=Base.metadata)


class StatedNeed(Changing, Base):
    """What somebody needs, and which way it was told to go, by which version of the table."""

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint(column("kind", Text).in_(LineKind), name="kind"),
        CheckConstraint("(kind = 'item') = (item IS NOT NULL)", name="item"),
        CheckConstraint("quantity > 0 AND value >= 0", name="quantity"),
        CheckConstraint(column("route", Text).in_(Route), name="route"),
        CheckConstraint("num_nonnulls(requisition_id, order_id) <= 1", name="started_once"),
        CheckConstraint(
            "(started_by IS NOT NULL) = (num_nonnulls(requisition_id, order_id) = 1)"
            " AND (started_by IS NULL OR route <> 'refused')",
            name="started",
        ),
        Index("ix_need_route_id", "route", "id"),
        Index("ix_need_category_id", "category", "id"),
        Index("ix_need_created_by_id", "created_by", "id"),
        Index("ix_need_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    item: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal]
    unit: Mapped[str] = mapped_column(Text)
    value: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(Text)
    need_by: Mapped[date]
    site: Mapped[str] = mapped_column(Text, ForeignKey("site.code"))
    business_unit: Mapped[str] = mapped_column(Text)
    cost_centre: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[UUID | None] = mapped_column(ForeignKey("supplier.id"))
    requested_for: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    route: Mapped[str] = mapped_column(Text)
    rule: Mapped[str | None] = mapped_column(Text)
    """The row of the table that held; null where none did."""
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    table_version: Mapped[int]
    blanket_order_id: Mapped[UUID | None] = mapped_column(ForeignKey("blanket_order.id"))
    blanket_line_number: Mapped[int | None]
    started_by: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime | None]
    requisition_id: Mapped[UUID | None] = mapped_column(ForeignKey("requisition.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("purchase_order.id"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def number(self) -> str:
        """Its number for people, such as NEED-000042."""
        return f"NEED-{self.serial_number:06d}"
