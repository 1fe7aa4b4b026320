"""A blanket order and its lines, with what was called off of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Sequence, Text, column, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.blankets import rules
from procurement.blankets.rules import Agreement, BlanketAction, BlanketStatus, Wanted, next_status
from procurement.database import Base
from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.money import round_amount
from purveyor_contract.events.procurement import blanket_orders as told
from purveyor_messaging.outbox import Aggregate

NUMBER = Sequence("blanket_order_number", metadata=Base.metadata)


class BlanketOrderLine(Base):
    """What may be called off of one thing, at which price, and how much was."""

    __tablename__ = "blanket_order_line"
    __table_args__ = (
        CheckConstraint("line_number > 0", name="number"),
        CheckConstraint("quantity > 0 AND most_quantity >= quantity", name="quantity"),
        CheckConstraint("price >= 0 AND price_base_quantity > 0", name="price"),
        CheckConstraint("called_off_quantity BETWEEN 0 AND most_quantity", name="called_off"),
        CheckConstraint("called_off_value >= 0", name="called_off_value"),
    )

    blanket_order_id: Mapped[UUID] = mapped_column(
        ForeignKey("blanket_order.id", ondelete="CASCADE"), primary_key=True
    )
    line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal]
    unit: Mapped[str] = mapped_column(Text)
    price: Mapped[Decimal]
    price_base_quantity: Mapped[Decimal]
    most_quantity: Mapped[Decimal]
    called_off_quantity: Mapped[Decimal] = mapped_column(server_default=text("0"))
    called_off_value: Mapped[Decimal] = mapped_column(server_default=text("0"))
    """What the lines of its call-offs cost, each rounded by itself as an order's line is."""


class BlanketOrder(Aggregate, Authored, Changing, Base):
    """What may be called off of a supplier from a day to a day, by orders that name it."""

    __tablename__ = "blanket_order"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(BlanketStatus), name="status"),
        CheckConstraint("valid_to >= valid_from", name="validity"),
        CheckConstraint("tolerance BETWEEN 0 AND 100", name="tolerance"),
        CheckConstraint("value > 0", name="value"),
        decided_by_another("author_does_not_approve"),
        decided_by_another("supplier_does_not_approve", kept_apart="supplier_authors"),
        CheckConstraint(
            "num_nulls(held_at, held_by, hold_reason) = 0 OR num_nulls(held_at, held_by, hold_reason) = 3",
            name="hold",
        ),
        Index("ix_blanket_order_supplier_id_id", "supplier_id", "id"),
        Index("ix_blanket_order_status_id", "status", "id"),
        Index("ix_blanket_order_changed_in", "changed_in", "id"),
    )

    sequence: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    status: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    currency: Mapped[str] = mapped_column(Text)
    business_unit: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    tolerance: Mapped[Decimal]
    value: Mapped[Decimal | None]
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    submitted_by: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None]
    supplier_authors: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None]
    held_by: Mapped[str | None] = mapped_column(Text)
    held_at: Mapped[datetime | None]
    hold_reason: Mapped[str | None] = mapped_column(Text)
    closed_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None]

    lines: Mapped[list[BlanketOrderLine]] = relationship(
        order_by=BlanketOrderLine.line_number,
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="selectin",
    )

    @property
    def number(self) -> str:
        """Its number for people, such as BO-000042."""
        return f"BO-{self.serial_number:06d}"

    @property
    def most_value(self) -> Decimal | None:
        """What may be called off in all, with the tolerance."""
        return None if self.value is None else rules.with_tolerance(self.value, self.tolerance)

    @property
    def remaining_value(self) -> Decimal | None:
        """What of the agreed value was not called off, the tolerance left aside."""
        if self.value is None:
            return None
        return round_amount(max(self.value - rules.worth(self.lines), Decimal(0)), self.currency)

    def state(self, agreement: Agreement, by: str) -> None:
        """Say what its author states; who states it is an author of it."""
        for name in Agreement.__slots__:
            if name != "lines":
                setattr(self, name, getattr(agreement, name))
        self.lines = [
            BlanketOrderLine(
                most_quantity=rules.with_tolerance(line.quantity, agreement.tolerance),
                called_off_quantity=Decimal(0),
                called_off_value=Decimal(0),
                **{name: getattr(line, name) for name in type(line).__slots__},
            )
            for line in agreement.lines
        ]
        self.note_author(by)

    def move(self, action: BlanketAction) -> None:
        """Let it stand where an action leads."""
        self.status = next_status(action, self.status, held=self.held_at is not None)

    def submit(self, by: str, at: datetime) -> None:
        """Hand it in for approval."""
        self.move(BlanketAction.SUBMIT)
        self.submitted_by, self.submitted_at = by, at
        self.note_author(by)

    def approve(self, by: str, at: datetime, supplier_authors: Collection[str]) -> None:
        """Note who approved it, and whom that was held against."""
        self.move(BlanketAction.APPROVE)
        self.approved_by, self.approved_at = by, at
        self.supplier_authors = list(supplier_authors)

    def take_back(self) -> None:
        """Make it a draft again; it keeps its authors."""
        self.move(BlanketAction.RETURN)
        self.submitted_by = self.submitted_at = None

    def hold(self, by: str, at: datetime, reason: str) -> None:
        """Let nothing be called off for a while."""
        self.move(BlanketAction.HOLD)
        self.held_by, self.held_at, self.hold_reason = by, at, reason

    def release(self) -> None:
        """Let it be called off again."""
        self.move(BlanketAction.RELEASE)
        self.held_by = self.held_at = self.hold_reason = None

    def close(self, by: str, at: datetime) -> None:
        """Let nothing more be called off."""
        self.move(BlanketAction.CLOSE)
        self.closed_by, self.closed_at = by, at

    def check_callable(self, today: date) -> None:
        """Raise ConflictError unless something may be called off today."""
        rules.check_callable(self.status, self.hold_reason, self.valid_from, self.valid_to, today)

    def call_off(self, wanted: Mapping[int, Wanted]) -> None:
        """Count what is called off, or given back; raises InvalidError for more than is left."""
        rules.check_called_off(self.lines, self.most_value, wanted, self.currency)
        for line in self.lines:
            if change := wanted.get(line.line_number):
                line.called_off_quantity += change.quantity
                line.called_off_value += change.value(line, self.currency)

    def leaves(self, wanted: Mapping[int, Wanted]) -> bool:
        """Whether that much may still be called off."""
        return not any(rules.excess(self.lines, self.most_value, wanted, self.currency))

    def approved_event(self) -> told.BlanketOrderApproved:
        """Return what the world learns when it may be called off."""
        lines = tuple(
            told.AgreedLine(**{name: getattr(line, name) for name in told.AgreedLine.model_fields})
            for line in self.lines
        )
        names = told.BlanketOrderApproved.model_fields.keys() - {"blanket_order_id", "lines"}
        return told.BlanketOrderApproved(
            blanket_order_id=self.id, lines=lines, **{name: getattr(self, name) for name in names}
        )

    def named(self) -> dict[str, Any]:
        """Return by what each event names it."""
        return {"blanket_order_id": self.id, "supplier_id": self.supplier_id, "number": self.number}
