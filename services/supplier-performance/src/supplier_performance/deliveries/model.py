"""Order lines and what arrived for them. Business dates judge, not the order of recording."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from supplier_performance.database import Base


class OrderLine(Base):
    """One line of an issued order as its version in force says it, with what its receipts add up to.

    The last block is derived from `received_line` whenever a receipt is recorded, so that measures need
    not add up receipts; it holds dates and not verdicts, because verdicts depend on the day of asking.
    """

    __tablename__ = "order_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("price_base_quantity > 0", name="price_base_quantity"),
        CheckConstraint("cancelled_quantity >= 0", name="cancelled_quantity"),
        CheckConstraint("dispensed_quantity >= 0", name="dispensed_quantity"),
        Index("ix_order_line_supplier", "supplier_id", "promised_on", "order_id", "line_number"),
        Index("ix_order_line_promised_on", "promised_on", "supplier_id"),
        Index(
            "ix_order_line_open",
            "promised_on",
            "supplier_id",
            postgresql_where=text("completed_on IS NULL AND cancelled_on IS NULL"),
        ),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[UUID]
    order_number: Mapped[str]
    item: Mapped[str]
    description: Mapped[str]
    category: Mapped[str]
    site: Mapped[str]
    time_zone: Mapped[str]
    business_unit: Mapped[str]
    cost_centre: Mapped[str]
    quantity: Mapped[Decimal]
    unit: Mapped[str]
    price: Mapped[Decimal]
    price_base_quantity: Mapped[Decimal]
    amount: Mapped[Decimal]
    currency: Mapped[str]
    minor_units: Mapped[int] = mapped_column(SmallInteger)
    ordered_on: Mapped[date | None]
    promised_on: Mapped[date]
    """The day that counts: needed, until the supplier promised one or the buyer moved it."""
    need_by: Mapped[date | None]
    """By when the version in force needs it; null of lines of before, which was the day that counts."""
    first_promised_on: Mapped[date | None]
    last_promised_on: Mapped[date | None]
    scheduled: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it is due in parts, which are judged instead of it."""
    cancelled_quantity: Mapped[Decimal] = mapped_column(server_default=text("0"))
    dispensed_quantity: Mapped[Decimal] = mapped_column(server_default=text("0"))
    """What need not come, because what came is enough: under tolerance."""
    cancelled_on: Mapped[date | None]
    """The day on which what was open of it was called off, with its order or alone."""

    received_quantity: Mapped[Decimal] = mapped_column(server_default=text("0"))
    rejected_quantity: Mapped[Decimal] = mapped_column(server_default=text("0"))
    completed_on: Mapped[date | None]
    """The day on which what had arrived, and is not owed again, reached what was ordered."""
    in_full_on: Mapped[date | None]
    """The day on which what had been accepted reached what was ordered."""
    last_received_on: Mapped[date | None]


class OrderSchedule(Base):
    """A part of a line that is due in parts, with what of its receipts is of it."""

    __tablename__ = "order_schedule"
    __table_args__ = (
        ForeignKeyConstraint(
            ["order_id", "line_number"],
            ["order_line.order_id", "order_line.line_number"],
            name="fk_order_schedule_order_id_order_line",
        ),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_order_schedule_supplier", "supplier_id", "promised_on"),
        Index("ix_order_schedule_promised_on", "promised_on"),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True)
    schedule_number: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[UUID]
    quantity: Mapped[Decimal]
    need_by: Mapped[date]
    promised_on: Mapped[date]
    """The day that counts."""
    first_promised_on: Mapped[date | None]
    last_promised_on: Mapped[date | None]
    from_quantity: Mapped[Decimal] = mapped_column(server_default=text("0"))
    """What comes before it, of parts that are due earlier."""
    to_quantity: Mapped[Decimal | None]
    """What comes until it is filled; null of the last one, which all that is too much is of."""
    rejected_quantity: Mapped[Decimal] = mapped_column(server_default=text("0"))
    completed_on: Mapped[date | None]
    in_full_on: Mapped[date | None]


class ReceivedLine(Base):
    """What one goods receipt said about one order line."""

    __tablename__ = "received_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["order_id", "line_number"],
            ["order_line.order_id", "order_line.line_number"],
            name="fk_received_line_order_id_order_line",
        ),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("rejected_quantity BETWEEN 0 AND quantity", name="rejected_quantity"),
        CheckConstraint(
            "refused_for_good_quantity BETWEEN 0 AND rejected_quantity", name="refused_for_good_quantity"
        ),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    """The receipt's number in the order's stream: with the order, the key of its `order_event`."""
    position: Mapped[int] = mapped_column(primary_key=True)
    """The line's place in the receipt, which may name an order line twice."""
    received_on: Mapped[date]
    quantity: Mapped[Decimal]
    rejected_quantity: Mapped[Decimal]
    rejection_reason: Mapped[str | None]
    refused_for_good_quantity: Mapped[Decimal | None]
    """Of what was rejected, what is not owed again; null where nobody said, and nothing was."""


class ReversedLine(Base):
    """What of one order line a receipt was taken back of: on the receipt's day it did not come."""

    __tablename__ = "reversed_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["order_id", "line_number"],
            ["order_line.order_id", "order_line.line_number"],
            name="fk_reversed_line_order_id_order_line",
        ),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("rejected_quantity BETWEEN 0 AND quantity", name="rejected_quantity"),
        CheckConstraint(
            "refused_for_good_quantity BETWEEN 0 AND rejected_quantity", name="refused_for_good_quantity"
        ),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    """The reversal's number in the order's stream: with the order, the key of its `order_event`."""
    received_on: Mapped[date]
    quantity: Mapped[Decimal]
    rejected_quantity: Mapped[Decimal]
    refused_for_good_quantity: Mapped[Decimal]


class MovedPromise(Base):
    """A day by which a part of a line was promised, and was moved from; none from before this was kept."""

    __tablename__ = "moved_promise"
    __table_args__ = (
        ForeignKeyConstraint(
            ["order_id", "line_number"],
            ["order_line.order_id", "order_line.line_number"],
            name="fk_moved_promise_order_id_order_line",
        ),
        CheckConstraint("moved_by IN ('buyer', 'supplier')", name="moved_by"),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True)
    schedule_number: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    """The move's number in the order's stream: with the order, the key of its `order_event`."""
    moved_by: Mapped[str] = mapped_column(Text)
    agreed: Mapped[bool]
    moved_from: Mapped[date]
    promised_on: Mapped[date]
    due_on: Mapped[date]


class OrderEvent(Base):
    """An event of an order that this service took in: what a figure drills back to."""

    __tablename__ = "order_event"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
    type: Mapped[str]
    recorded_at: Mapped[datetime]
    business_date: Mapped[date | None]
    """Ordered, amended, received, cancelled, closed on, …; null when an import did not know it."""
    of_line: Mapped[int | None]
    """The one line that it is of, such as one that was closed short; null: any of the order's."""
