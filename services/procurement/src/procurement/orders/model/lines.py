"""A line of a purchase order: what it orders, and what has become of that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Text,
    column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.amounts.rules.adjustments import Adjustment
from procurement.database import Base
from procurement.orders.model.kept import Kept
from procurement.orders.rules import lines, quantities
from procurement.orders.rules.amending import LineNow
from procurement.orders.rules.drafts import DraftLine
from procurement.orders.rules.quantities import CALLED_OFF, ClosedAs
from procurement.orders.rules.reversing import TakenBack
from procurement.orders.rules.schedules import Schedule, schedule_numbers

ADJUSTMENTS = Kept(Adjustment)
STATED = tuple(name for name in DraftLine.__slots__ if name != "schedules")
"""What a line says by itself, each in a column of its own; its schedules have rows of their own."""
NOTHING_CAME = dict.fromkeys(
    (
        "received_quantity",
        "rejected_quantity",
        "cancelled_quantity",
        "refused_for_good_quantity",
        "under_way_quantity",
    ),
    Decimal(0),
)
"""What has become of a line that nobody was told of."""


class PurchaseOrderSchedule(Base):
    """A part of a line with its own day, where the line has more than one; else the line is its only one."""

    __tablename__ = "purchase_order_schedule"
    __table_args__ = (
        ForeignKeyConstraint(
            ["order_id", "line_number"],
            ["purchase_order_line.order_id", "purchase_order_line.line_number"],
            name="fk_purchase_order_schedule_order_id_purchase_order_line",
            ondelete="CASCADE",
        ),
        CheckConstraint("schedule_number > 0", name="number"),
        CheckConstraint("quantity > 0 AND scale(quantity) <= 6", name="quantity"),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    schedule_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    quantity: Mapped[Decimal]
    need_by: Mapped[date]

    @classmethod
    def of(cls, stated: Schedule) -> PurchaseOrderSchedule:
        """Return a schedule as it is kept."""
        return cls(**{name: getattr(stated, name) for name in Schedule.__slots__})

    def stated(self) -> Schedule:
        """Return it as its author stated it."""
        return Schedule(**{name: getattr(self, name) for name in Schedule.__slots__})


class PurchaseOrderLine(Base):
    """One thing ordered: how much, for how much, by when."""

    __tablename__ = "purchase_order_line"
    __table_args__ = (
        CheckConstraint("line_number > 0", name="number"),
        CheckConstraint("quantity > 0 AND scale(quantity) <= 6", name="quantity"),
        CheckConstraint("price >= 0 AND scale(price) <= 6", name="price"),
        CheckConstraint("price_base_quantity > 0", name="price_base_quantity"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("weight > 0 AND scale(weight) <= 6", name="weight"),
        CheckConstraint("received_quantity >= rejected_quantity AND rejected_quantity >= 0", name="received"),
        CheckConstraint(
            "refused_for_good_quantity BETWEEN 0 AND rejected_quantity", name="refused_for_good_quantity"
        ),
        CheckConstraint(
            "cancelled_quantity = 0 OR cancelled_quantity > 0 AND cancelled_quantity"
            " + received_quantity - rejected_quantity + refused_for_good_quantity <= quantity",
            name="cancelled_quantity",
        ),
        CheckConstraint("under_way_quantity >= 0", name="under_way_quantity"),
        CheckConstraint("dropped_by_version IS NULL OR closed_as IS NOT NULL", name="dropped_by_version"),
        CheckConstraint(column("closed_as", Text).in_(ClosedAs), name="closed_as"),
        CheckConstraint(
            "num_nulls(closed_on, closed_by, closed_as) = 3 OR num_nulls(closed_on, closed_by, closed_as) = 0"
            " AND cancelled_quantity + received_quantity - rejected_quantity + refused_for_good_quantity"
            " >= quantity",
            name="closed",
        ),
        Index("ix_purchase_order_line_item", "item", "order_id"),
        Index("ix_purchase_order_line_category", "category", "order_id"),
        Index(
            "ix_purchase_order_line_open",
            "promised_on",
            "order_id",
            postgresql_where=text("closed_as IS NULL"),
        ),
    )

    order_id: Mapped[UUID] = mapped_column(
        ForeignKey("purchase_order.id", ondelete="CASCADE"), primary_key=True
    )
    line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal]
    unit: Mapped[str] = mapped_column(Text)
    price: Mapped[Decimal]
    price_base_quantity: Mapped[Decimal]
    amount: Mapped[Decimal]
    promised_on: Mapped[date]
    received_quantity: Mapped[Decimal] = mapped_column(Numeric, server_default=text("0"))
    rejected_quantity: Mapped[Decimal] = mapped_column(Numeric, server_default=text("0"))
    cancelled_quantity: Mapped[Decimal] = mapped_column(Numeric, server_default=text("0"))
    refused_for_good_quantity: Mapped[Decimal] = mapped_column(Numeric, server_default=text("0"))
    under_way_quantity: Mapped[Decimal] = mapped_column(Numeric, server_default=text("0"))
    """What despatch advices say is on its way: neither arrived nor called back."""
    closed_on: Mapped[date | None]
    closed_by: Mapped[str | None] = mapped_column(Text)
    closed_as: Mapped[str | None] = mapped_column(Text)
    dropped_by_version: Mapped[int | None]
    dropped_schedules: Mapped[tuple[int, ...]] = mapped_column(
        ARRAY(Integer, as_tuple=True), server_default=text("'{}'")
    )
    """Numbers of schedules that a version no longer has: promises stay, so none is reused."""
    external_reference: Mapped[str | None] = mapped_column(Text)
    tax_code: Mapped[str | None] = mapped_column(Text)
    weight: Mapped[Decimal | None]
    allowances: Mapped[tuple[Adjustment, ...]] = mapped_column(ADJUSTMENTS, nullable=True)
    charges: Mapped[tuple[Adjustment, ...]] = mapped_column(ADJUSTMENTS, nullable=True)

    schedules: Mapped[list[PurchaseOrderSchedule]] = relationship(
        order_by=PurchaseOrderSchedule.schedule_number,
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="selectin",
    )

    @classmethod
    def of(cls, stated: DraftLine, amount: Decimal) -> PurchaseOrderLine:
        """Return a line of which nothing has come."""
        return cls(
            amount=amount,
            **NOTHING_CAME,
            dropped_schedules=(),
            **{name: getattr(stated, name) for name in STATED},
            schedules=[PurchaseOrderSchedule.of(one) for one in stated.schedules],
        )

    def ordered(self) -> DraftLine:
        """Return what it orders."""
        return DraftLine(
            **{name: getattr(self, name) for name in STATED},
            schedules=tuple(one.stated() for one in self.schedules),
        )

    def standing(self) -> LineNow:
        """Return what it orders and what has become of that."""
        counted = {name: getattr(self, name) for name in LineNow.__slots__ if name != "ordered"}
        return LineNow(self.ordered(), **counted)

    @property
    def accepted_quantity(self) -> Decimal:
        """What arrived and was not refused."""
        return quantities.accepted_quantity(self)

    @property
    def open_quantity(self) -> Decimal:
        """What is still to come."""
        return quantities.open_quantity(self)

    @property
    def received_percent(self) -> Decimal | None:
        """How much of what it is to bring was accepted."""
        return quantities.line_percent(self)

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done to it as it stands, while its order is with the supplier."""
        return lines.allowed_actions(self.standing())

    def restate(self, stated: DraftLine, amount: Decimal, by: str, on: date) -> None:
        """Order what the next version says: that closes it, or opens it, when it is done now or no more.

        Of a line that is open, and of which some stays called off, another quantity is all that is wanted.
        """
        if self.closed_as is None and stated.quantity != self.quantity:
            self.cancelled_quantity = Decimal(0)
        self._reschedule(stated)
        for name in STATED:
            setattr(self, name, getattr(stated, name))
        self.amount = amount
        if self.closed_as is None and self.open_quantity == 0:
            self.closed_on, self.closed_by, self.closed_as = on, by, ClosedAs.COMPLETE
        elif self.closed_as == ClosedAs.COMPLETE and self.open_quantity > 0:
            self.closed_on = self.closed_by = self.closed_as = None

    def _reschedule(self, stated: DraftLine) -> None:
        dropped = schedule_numbers(self.ordered()) - schedule_numbers(stated)
        self.dropped_schedules = (*self.dropped_schedules, *sorted(dropped))
        kept = {one.schedule_number: one for one in self.schedules}
        numbers = {one.schedule_number for one in stated.schedules}
        for number in kept.keys() - numbers:
            self.schedules.remove(kept[number])
        for one in stated.schedules:
            if one.schedule_number in kept:
                kept[one.schedule_number].quantity = one.quantity
                kept[one.schedule_number].need_by = one.need_by
            else:
                self.schedules.append(PurchaseOrderSchedule.of(one))

    def call_off(self, by: str, on: date) -> bool:
        """Let what is open of it not be wanted any more; returns whether anything was."""
        if self.open_quantity == 0:
            return False
        self._call_off_the_rest()
        self.closed_by, self.closed_on = by, on
        return True

    def _call_off_the_rest(self) -> None:
        self.cancelled_quantity += self.open_quantity
        self.closed_as = ClosedAs.SHORT if quantities.settled_quantity(self) else ClosedAs.CANCELLED

    def take_back(self, taken: TakenBack) -> None:
        """Let goods never have come: what they completed is open again.

        Of a line that was called off they are not wanted any more either: it is cancelled, when nothing is
        left of what came.
        """
        self.received_quantity -= taken.quantity
        self.rejected_quantity -= taken.rejected_quantity
        self.refused_for_good_quantity -= taken.refused_for_good_quantity
        if self.closed_as in CALLED_OFF:
            self._call_off_the_rest()
        elif self.closed_as is not None and self.open_quantity + self.cancelled_quantity > 0:
            self.reopen()

    def reopen(self) -> None:
        """Let what was called off of it be wanted again."""
        self.cancelled_quantity = Decimal(0)
        self.closed_on = self.closed_by = self.closed_as = None
