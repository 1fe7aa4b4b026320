"""A line of a purchase order: what it orders, and what has become of that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Text, column, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base
from procurement.orders.rules import lines, quantities
from procurement.orders.rules.amending import LineNow
from procurement.orders.rules.drafts import DraftLine
from procurement.orders.rules.quantities import CALLED_OFF, ClosedAs
from procurement.orders.rules.reversing import TakenBack

NOTHING_CAME = dict.fromkeys(
    ("received_quantity", "rejected_quantity", "cancelled_quantity", "refused_for_good_quantity"), Decimal(0)
)
"""What has become of a line that nobody was told of."""


class PurchaseOrderLine(Base):
    """One thing ordered: how much, for how much, by when."""

    __tablename__ = "purchase_order_line"
    __table_args__ = (
        CheckConstraint("line_number > 0", name="number"),
        CheckConstraint("quantity > 0 AND scale(quantity) <= 6", name="quantity"),
        CheckConstraint("price >= 0 AND scale(price) <= 6", name="price"),
        CheckConstraint("price_base_quantity > 0", name="price_base_quantity"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("received_quantity >= rejected_quantity AND rejected_quantity >= 0", name="received"),
        CheckConstraint(
            "refused_for_good_quantity BETWEEN 0 AND rejected_quantity", name="refused_for_good_quantity"
        ),
        CheckConstraint(
            "cancelled_quantity = 0 OR cancelled_quantity > 0 AND cancelled_quantity"
            " + received_quantity - rejected_quantity + refused_for_good_quantity <= quantity",
            name="cancelled_quantity",
        ),
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
    closed_on: Mapped[date | None]
    closed_by: Mapped[str | None] = mapped_column(Text)
    closed_as: Mapped[str | None] = mapped_column(Text)
    dropped_by_version: Mapped[int | None]
    external_reference: Mapped[str | None] = mapped_column(Text)

    @classmethod
    def of(cls, stated: DraftLine, amount: Decimal) -> PurchaseOrderLine:
        """Return a line of which nothing has come."""
        return cls(
            amount=amount,
            **NOTHING_CAME,
            **{name: getattr(stated, name) for name in DraftLine.__slots__},
        )

    def ordered(self) -> DraftLine:
        """Return what it orders."""
        return DraftLine(**{name: getattr(self, name) for name in DraftLine.__slots__})

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
        """Order what the next version says: that closes it, or opens it, when it is done now or no more."""
        for name in DraftLine.__slots__:
            setattr(self, name, getattr(stated, name))
        self.amount = amount
        if self.closed_as is None and self.open_quantity == 0:
            self.closed_on, self.closed_by, self.closed_as = on, by, ClosedAs.COMPLETE
        elif self.closed_as == ClosedAs.COMPLETE and self.open_quantity > 0:
            self.closed_on = self.closed_by = self.closed_as = None

    def call_off(self, by: str, on: date) -> bool:
        """Let what is open of it not be wanted any more; returns whether anything was."""
        rest = self.open_quantity
        if rest == 0:
            return False
        self.cancelled_quantity += rest
        self.closed_as = ClosedAs.SHORT if quantities.settled_quantity(self) else ClosedAs.CANCELLED
        self.closed_by, self.closed_on = by, on
        return True

    def take_back(self, taken: TakenBack) -> None:
        """Let goods never have come: what they completed is open again.

        Of a line that was called off they are not wanted any more either.
        """
        self.received_quantity -= taken.quantity
        self.rejected_quantity -= taken.rejected_quantity
        self.refused_for_good_quantity -= taken.refused_for_good_quantity
        if self.closed_as in CALLED_OFF:
            self.cancelled_quantity += self.open_quantity
        elif self.closed_as is not None and self.open_quantity + self.cancelled_quantity > 0:
            self.reopen()

    def reopen(self) -> None:
        """Let what was called off of it be wanted again."""
        self.cancelled_quantity = Decimal(0)
        self.closed_on = self.closed_by = self.closed_as = None
