"""A purchase order and its lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    Text,
    column,
    func,
    literal_column,
    text,
)
from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base
from procurement.orders.rules import quantities
from procurement.orders.rules.drafts import DraftLine, DraftOrder
from procurement.orders.rules.quantities import ClosedAs
from procurement.orders.rules.states import Action, OrderState, Status, next_status
from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.days import BEFORE_ALL
from purveyor.money import Money
from purveyor_contract.events.procurement.orders import CancelledLine, OrderedLine, POIssued
from purveyor_messaging.outbox import Aggregate

NUMBER = DatabaseSequence("purchase_order_number", metadata=Base.metadata)


NOTHING_CAME = dict.fromkeys(
    ("received_quantity", "rejected_quantity", "cancelled_quantity", "refused_for_good_quantity"), Decimal(0)
)
"""What has become of a line that nobody was told of."""


def order_number(serial_number: int) -> str:
    """Return an order's number for people, such as PO-000042."""
    return f"PO-{serial_number:06d}"


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
    external_reference: Mapped[str | None] = mapped_column(Text)

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

    def call_off(self, by: str, on: date) -> bool:
        """Let what is open of it not be wanted any more; returns whether anything was."""
        rest = self.open_quantity
        if rest == 0:
            return False
        self.cancelled_quantity += rest
        self.closed_as = ClosedAs.SHORT if quantities.settled_quantity(self) else ClosedAs.CANCELLED
        self.closed_by, self.closed_on = by, on
        return True


class PurchaseOrder(Aggregate, Authored, Changing, Base):
    """An order to a supplier, for one site, charged to one cost centre of one business unit."""

    __tablename__ = "purchase_order"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(Status), name="status"),
        CheckConstraint("total >= 0", name="total"),
        CheckConstraint(
            "imported OR approved_by IS NULL OR approved_by <> created_by", name="creator_does_not_approve"
        ),
        CheckConstraint(
            "imported OR approved_by IS NULL"
            " OR (supplier_onboarded_by IS NOT NULL AND approved_by <> supplier_onboarded_by)",
            name="onboarder_does_not_approve",
        ),
        decided_by_another("author_does_not_approve", unless="imported"),
        decided_by_another("supplier_does_not_approve", kept_apart="supplier_authors", unless="imported"),
        CheckConstraint(
            "imported OR issued_by IS NULL OR approved_by IS NOT NULL", name="issued_after_approval"
        ),
        CheckConstraint("imported OR ordered_on IS NOT NULL", name="ordered_on"),
        CheckConstraint("(flag_reason IS NULL) = (flagged_at IS NULL)", name="flag"),
        CheckConstraint(
            "NOT imported OR (external_reference IS NOT NULL AND import_digest IS NOT NULL)", name="imported"
        ),
        Index("ix_purchase_order_supplier_id_id", "supplier_id", "id"),
        Index("ix_purchase_order_status_id", "status", "id"),
        Index("ix_purchase_order_site_id", "site", "id"),
        Index("ix_purchase_order_business_unit_id", "business_unit", "id"),
        Index("ix_purchase_order_cost_centre_id", "cost_centre", "id"),
        Index("ix_purchase_order_imported_id", "imported", "id"),
        Index("ix_purchase_order_source_system_id", "source_system", "id"),
        Index("ix_purchase_order_changed_in", "changed_in", "id"),
        Index(
            "uq_purchase_order_external_reference_source_system",
            "external_reference",
            "source_system",
            unique=True,
            postgresql_where=text("external_reference IS NOT NULL"),
        ),
        Index("ix_purchase_order_flagged", "id", postgresql_where=text("flagged_at IS NOT NULL")),
    )

    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    status: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    currency: Mapped[str] = mapped_column(Text)
    total: Mapped[Decimal]
    site: Mapped[str] = mapped_column(Text, ForeignKey("site.code"))
    business_unit: Mapped[str] = mapped_column(Text)
    cost_centre: Mapped[str] = mapped_column(Text)
    ordered_on: Mapped[date | None]
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    submitted_by: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None]
    supplier_onboarded_by: Mapped[str | None] = mapped_column(Text)
    supplier_authors: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None]
    issued_by: Mapped[str | None] = mapped_column(Text)
    issued_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(Text)
    acknowledged_on: Mapped[date | None]
    supplier_reference: Mapped[str | None] = mapped_column(Text)
    cancelled_by: Mapped[str | None] = mapped_column(Text)
    cancelled_on: Mapped[date | None]
    cancellation_reason: Mapped[str | None] = mapped_column(Text)
    cancellation_reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    closed_on: Mapped[date | None]
    flag_reason: Mapped[str | None] = mapped_column(Text)
    flagged_at: Mapped[datetime | None]
    imported: Mapped[bool] = mapped_column(server_default=text("false"))
    external_reference: Mapped[str | None] = mapped_column(Text)
    source_system: Mapped[str] = mapped_column(Text, server_default=text("'main'"))
    import_digest: Mapped[bytes | None] = mapped_column(LargeBinary)

    lines: Mapped[list[PurchaseOrderLine]] = relationship(
        order_by=PurchaseOrderLine.line_number,
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="raise",
    )

    @property
    def number(self) -> str:
        """The order's number for people."""
        return order_number(self.serial_number)

    def stated(self) -> DraftOrder:
        """Return what its author stated; its lines have to be loaded."""
        return DraftOrder(
            lines=tuple(
                DraftLine(**{name: getattr(line, name) for name in DraftLine.__slots__})
                for line in self.lines
            ),
            **{name: getattr(self, name) for name in DraftOrder.__slots__ if name != "lines"},
        )

    def restate(self, draft: DraftOrder, ordered_on: date, amounts: Sequence[Decimal]) -> None:
        """Replace what its author stated, header and lines; its lines have to be loaded."""
        self.supplier_id, self.currency = draft.supplier_id, draft.currency
        self.site, self.business_unit, self.cost_centre = draft.site, draft.business_unit, draft.cost_centre
        self.ordered_on, self.total = ordered_on, sum(amounts, Decimal(0))
        self.lines = [
            PurchaseOrderLine(
                amount=amount,
                **NOTHING_CAME,
                **{name: getattr(line, name) for name in DraftLine.__slots__},
            )
            for line, amount in zip(draft.lines, amounts, strict=True)
        ]

    def flag(self, reason: str | None, at: datetime | None) -> None:
        """Carry its supplier's flag, if there is one."""
        if reason != self.flag_reason:
            self.flag_reason, self.flagged_at = reason, at

    def take_back(self) -> None:
        """Make it a draft again: it is submitted and approved anew, but keeps its authors."""
        self.status = next_status(Action.RETURN, self.status)
        self.submitted_by = self.submitted_at = None
        self.approved_by = self.approved_at = None
        self.supplier_onboarded_by = self.supplier_authors = None

    def acknowledge(self, by: str, on: date, supplier_reference: str | None) -> None:
        """Note that the supplier confirmed it."""
        self.status = next_status(Action.ACKNOWLEDGE, self.status)
        self.acknowledged_by, self.acknowledged_on = by, on
        self.supplier_reference = supplier_reference

    def cancel(self, by: str, on: date, reason: str, told: str | None) -> tuple[PurchaseOrderLine, ...]:
        """Call it off, with all lines that are open; what was partly received is closed with what came.

        Its lines have to be loaded.
        """
        self.status = next_status(Action.CANCEL, self.status)
        self.cancelled_by, self.cancelled_on, self.cancellation_reason = by, on, reason
        self.cancellation_reason_for_supplier = told
        if self.status == Status.CLOSED:
            self.closed_on = on
        return tuple(line for line in self.lines if line.call_off(by, on))


ORDERED_ON: ColumnElement[date] = func.coalesce(
    PurchaseOrder.ordered_on, literal_column(f"DATE '{BEFORE_ALL}'", Date())
)
"""The day in a list's order, before all others where nobody knows it; spelt out, as an index has it."""

Index("ix_purchase_order_ordered_on_id", ORDERED_ON, PurchaseOrder.id)


def issued_event(
    order: OrderState, lines: Sequence[DraftLine], amounts: Sequence[Decimal], issued_by: str, time_zone: str
) -> POIssued:
    """Return what the world learns when an order is issued."""
    return POIssued(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order_number(order.serial_number),
        ordered_on=order.ordered_on,
        business_unit=order.business_unit,
        cost_centre=order.cost_centre,
        site=order.site,
        time_zone=time_zone,
        currency=order.currency,
        lines=tuple(
            OrderedLine(amount=amount, **{name: getattr(line, name) for name in _TOLD})
            for line, amount in zip(lines, amounts, strict=True)
        ),
        total=Money(amount=order.total, currency=order.currency),
        issued_by=issued_by,
        external_reference=order.external_reference,
        source_system=order.source_system,
        imported=order.imported,
    )


def cancelled_lines(lines: Sequence[PurchaseOrderLine]) -> tuple[CancelledLine, ...]:
    """Return what the world learns of lines that were called off."""
    return tuple(
        CancelledLine(
            line_number=line.line_number,
            cancelled_quantity=line.cancelled_quantity,
            closed_as="short" if line.closed_as == ClosedAs.SHORT else "cancelled",
        )
        for line in lines
    )


_TOLD = tuple(name for name in OrderedLine.model_fields if name != "amount")
