"""A line of a requisition: what it asks for, to what it is charged, and what has become of it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base
from procurement.requisitions.model.orders import RequisitionOrderLine
from procurement.requisitions.rules import lines
from procurement.requisitions.rules.lines import LineAction, LineStatus
from procurement.requisitions.rules.stated import (
    Assignment,
    LineKind,
    PriceSource,
    RequestedLine,
    charged_amounts,
)

STATED = tuple(field.name for field in fields(RequestedLine) if field.name != "assignments")
"""What a line says by itself, each in a column of its own; its assignments have rows of their own."""


class RequisitionAssignment(Base):
    """What of a line a cost centre bears, for a project where one is named."""

    __tablename__ = "requisition_assignment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["requisition_id", "line_number"],
            ["requisition_line.requisition_id", "requisition_line.line_number"],
            name="fk_requisition_assignment_requisition_id_requisition_line",
            ondelete="CASCADE",
        ),
        CheckConstraint("place > 0", name="place"),
        CheckConstraint("share > 0 AND share <= 100", name="share"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_requisition_assignment_cost_centre", "cost_centre", "requisition_id"),
    )

    requisition_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cost_centre: Mapped[str] = mapped_column(Text)
    project: Mapped[str | None] = mapped_column(Text)
    share: Mapped[Decimal]
    amount: Mapped[Decimal]

    def stated(self) -> Assignment:
        """Return it as its author stated it."""
        return Assignment(self.cost_centre, self.project, self.share)


class RequisitionLine(Base):
    """One thing that is needed: how much, by when, where, at what price about."""

    __tablename__ = "requisition_line"
    __table_args__ = (
        CheckConstraint("line_number > 0", name="number"),
        CheckConstraint(column("kind", Text).in_(LineKind), name="kind"),
        CheckConstraint("(kind = 'item') = (item IS NOT NULL)", name="item"),
        CheckConstraint("quantity > 0 AND scale(quantity) <= 6", name="quantity"),
        CheckConstraint("price >= 0 AND scale(price) <= 6 AND price_base_quantity > 0", name="price"),
        CheckConstraint(column("price_source", Text).in_(PriceSource), name="price_source"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint(column("status", Text).in_(LineStatus), name="status"),
        CheckConstraint("ordered_quantity BETWEEN 0 AND quantity", name="ordered"),
        CheckConstraint(
            "ordered_quantity = 0 OR status IN ('approved', 'closed_short')", name="approved_before_ordered"
        ),
        CheckConstraint("delivered_quantity BETWEEN 0 AND ordered_quantity", name="delivered"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "status NOT IN ('approved', 'closed_short') OR decided_by IS NOT NULL", name="approved"
        ),
        CheckConstraint(
            "(status IN ('cancelled', 'closed_short')) = (closed_on IS NOT NULL)"
            " AND num_nulls(closed_on, closed_by, close_reason) IN (0, 3)",
            name="closed",
        ),
        CheckConstraint("sourcing_since IS NULL OR sourcing_reason IS NOT NULL", name="sourcing"),
        Index("ix_requisition_line_category", "category", "requisition_id"),
        Index(
            "ix_requisition_line_item", "item", "requisition_id", postgresql_where=text("item IS NOT NULL")
        ),
    )

    requisition_id: Mapped[UUID] = mapped_column(
        ForeignKey("requisition.id", ondelete="CASCADE"), primary_key=True
    )
    line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Text)
    item: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal]
    unit: Mapped[str] = mapped_column(Text)
    need_by: Mapped[date]
    site: Mapped[str] = mapped_column(Text, ForeignKey("site.code"))
    price: Mapped[Decimal]
    price_base_quantity: Mapped[Decimal]
    price_source: Mapped[str] = mapped_column(Text)
    amount: Mapped[Decimal]
    supplier_id: Mapped[UUID | None] = mapped_column(ForeignKey("supplier.id"))
    justification: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    ordered_quantity: Mapped[Decimal] = mapped_column(server_default=text("0"))
    delivered_quantity: Mapped[Decimal] = mapped_column(server_default=text("0"))
    """What came of it with the orders that it is on, and was accepted; no more than is ordered."""
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None] = mapped_column(Text)
    closed_by: Mapped[str | None] = mapped_column(Text)
    closed_on: Mapped[date | None]
    close_reason: Mapped[str | None] = mapped_column(Text)
    sourcing_reason: Mapped[str | None] = mapped_column(Text)
    """Why it was marked for sourcing as it was submitted; null where it was not."""
    sourcing_since: Mapped[datetime | None]
    """Since when it waits to be sourced; null before it is approved, and once it was sourced."""

    assignments: Mapped[list[RequisitionAssignment]] = relationship(
        order_by=RequisitionAssignment.place,
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="selectin",
    )

    orders: Mapped[list[RequisitionOrderLine]] = relationship(
        order_by=(RequisitionOrderLine.order_number, RequisitionOrderLine.order_line_number),
        lazy="selectin",
    )

    @classmethod
    def of(cls, stated: RequestedLine, currency: str) -> RequisitionLine:
        """Return a line of which nobody has decided."""
        amount = stated.amount(currency)
        parts = charged_amounts(amount, stated.assignments, currency)
        return cls(
            amount=amount,
            status=LineStatus.PENDING,
            ordered_quantity=lines.NOTHING,
            delivered_quantity=lines.NOTHING,
            orders=[],
            assignments=[
                RequisitionAssignment(
                    place=place,
                    cost_centre=one.cost_centre,
                    project=one.project,
                    share=one.share,
                    amount=part,
                )
                for place, (one, part) in enumerate(zip(stated.assignments, parts, strict=True), start=1)
            ],
            **{name: getattr(stated, name) for name in STATED},
        )

    def stated(self) -> RequestedLine:
        """Return it as its author stated it."""
        stated = {name: getattr(self, name) for name in STATED}
        stated |= {"kind": LineKind(self.kind), "price_source": PriceSource(self.price_source)}
        return RequestedLine(assignments=tuple(one.stated() for one in self.assignments), **stated)

    @property
    def open_quantity(self) -> Decimal:
        """What of it is neither ordered nor given up."""
        return lines.open_quantity(self)

    @property
    def fulfilled(self) -> bool:
        """Whether all that was asked came."""
        return lines.is_fulfilled(self)

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done to it as it stands, where its requisition allows it."""
        return lines.allowed_actions(self)

    def decide(self, action: LineAction, by: str, at: datetime, reason: str | None) -> None:
        """Approve or reject it; what was marked waits to be sourced from now on."""
        self.status = lines.next_status(action, self.line_number, self)
        self.decided_by, self.decided_at, self.decision_reason = by, at, reason
        if self.status == LineStatus.APPROVED and self.sourcing_reason is not None:
            self.sourcing_since = at

    def undecide(self) -> None:
        """Let nobody have decided of it: its requisition is written anew."""
        if self.status in {LineStatus.APPROVED, LineStatus.REJECTED}:
            self.status = LineStatus.PENDING
        self.decided_by = self.decided_at = self.decision_reason = None
        self.sourcing_reason = self.sourcing_since = None

    def close(self, action: LineAction, by: str, on: date, reason: str) -> None:
        """Let what is open of it not be wanted any more."""
        self.status = lines.next_status(action, self.line_number, self)
        self.closed_by, self.closed_on, self.close_reason = by, on, reason
        self.sourcing_since = None

    def note_orders(self) -> None:
        """Count what orders hold of it, and what came with them."""
        self.ordered_quantity = sum((one.quantity for one in self.orders), lines.NOTHING)
        self.delivered_quantity = sum((one.delivered_quantity for one in self.orders), lines.NOTHING)

    def end_sourcing(self, supplier_id: UUID) -> None:
        """Let it be ordered: of whom has been found out."""
        lines.next_status(LineAction.END_SOURCING, self.line_number, self)
        self.supplier_id, self.sourcing_since = supplier_id, None
