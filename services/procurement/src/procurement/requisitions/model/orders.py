"""What of a requested line is on which order."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base


class RequisitionOrderLine(Base):
    """An order line that orders of a requested line, and what came of it; it stays when it is called off."""

    __tablename__ = "requisition_order_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["requisition_id", "line_number"],
            ["requisition_line.requisition_id", "requisition_line.line_number"],
            name="fk_requisition_order_line_requisition_id_requisition_line",
        ),
        CheckConstraint("order_line_number > 0", name="number"),
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("delivered_quantity BETWEEN 0 AND quantity", name="delivered"),
        Index("ix_requisition_order_line_requisition_id_line_number", "requisition_id", "line_number"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("purchase_order.id"), primary_key=True)
    order_line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    order_number: Mapped[str] = mapped_column(Text)
    requisition_id: Mapped[UUID]
    line_number: Mapped[int]
    quantity: Mapped[Decimal]
    delivered_quantity: Mapped[Decimal] = mapped_column(server_default=text("0"))
    issued: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    """Whether its order was issued while budgets were asked for, and so committed what this holds."""

    def hold(self, quantity: Decimal) -> None:
        """Hold this much of the requested line; no more of it came than it holds."""
        self.quantity = quantity
        self.delivered_quantity = min(self.delivered_quantity, quantity)
