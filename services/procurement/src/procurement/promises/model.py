"""Promises of schedules, each written once."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text, column
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base
from procurement.promises.rules import MovedBy, Promise


class PurchaseOrderPromise(Base):
    """A day that was promised of a schedule; rows are only added."""

    __tablename__ = "purchase_order_promise"
    __table_args__ = (
        ForeignKeyConstraint(
            ["order_id", "line_number"],
            ["purchase_order_line.order_id", "purchase_order_line.line_number"],
            name="fk_purchase_order_promise_order_id_purchase_order_line",
        ),
        CheckConstraint("schedule_number > 0 AND nth > 0", name="number"),
        CheckConstraint(column("moved_by", Text).in_(MovedBy), name="moved_by"),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    schedule_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nth: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    promised_on: Mapped[date]
    moved_from: Mapped[date]
    moved_by: Mapped[str] = mapped_column(Text)
    agreed: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text)
    reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    stated_by: Mapped[str] = mapped_column(Text)
    stated_on: Mapped[date]
    stated_at: Mapped[datetime]
    by_supplier: Mapped[bool | None]

    @classmethod
    def of(cls, order_id: UUID, promise: Promise) -> PurchaseOrderPromise:
        """Return a promise as it is kept."""
        return cls(order_id=order_id, **{name: getattr(promise, name) for name in Promise.__slots__})

    def promise(self) -> Promise:
        """Return it as it was kept."""
        kept = {name: getattr(self, name) for name in Promise.__slots__}
        return Promise(**kept | {"moved_by": MovedBy(self.moved_by)})
