"""An invoice as its supplier sent it, and where it stands; its original, beside it, never changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    Uuid,
    column,
    text,
)
from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base
from procurement.invoices.rules.en16931.violations import Violation
from procurement.invoices.rules.states import InvoiceAction, InvoiceStatus, next_status
from procurement.invoices.rules.terms import Adjustment, Breakdown, Line, Syntax
from procurement.orders.model.kept import Kept
from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor_messaging.outbox import Aggregate

NUMBER = DatabaseSequence("supplier_invoice_number", metadata=Base.metadata)
STANDS = "status <> 'rejected'"
"""A number that was rejected may be used for what is right."""


class SupplierInvoiceOriginal(Base):
    """The bytes that came, with their digest; a trigger keeps anybody from changing them."""

    __tablename__ = "supplier_invoice_original"
    __table_args__ = (CheckConstraint("sha256 = sha256(content)", name="sha256"),)

    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("supplier_invoice.id"), primary_key=True)
    media_type: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SupplierInvoiceLine(Base):
    """A line, as it came."""

    __tablename__ = "supplier_invoice_line"
    __table_args__ = (CheckConstraint("position > 0", name="position"),)

    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("supplier_invoice.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1 on: a supplier may number its lines as it likes."""
    number: Mapped[str | None] = mapped_column(Text)
    quantity: Mapped[Decimal]
    unit: Mapped[str | None] = mapped_column(Text)
    net_amount: Mapped[Decimal]
    price: Mapped[Decimal | None]
    base_quantity: Mapped[Decimal | None]
    tax_category: Mapped[str | None] = mapped_column(Text)
    tax_rate: Mapped[Decimal | None]
    name: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    buyers_item: Mapped[str | None] = mapped_column(Text)
    sellers_item: Mapped[str | None] = mapped_column(Text)
    standard_item: Mapped[str | None] = mapped_column(Text)
    order_number: Mapped[str | None] = mapped_column(Text)
    order_line: Mapped[str | None] = mapped_column(Text)
    despatch_advice: Mapped[str | None] = mapped_column(Text)
    adjustments: Mapped[tuple[Adjustment, ...]] = mapped_column(Kept(Adjustment), nullable=True)

    @classmethod
    def of(cls, position: int, said: Line) -> SupplierInvoiceLine:
        """Return a line as it is kept."""
        return cls(
            position=position,
            number=said.number,
            quantity=said.quantity,
            unit=said.unit,
            net_amount=said.net_amount,
            price=said.price,
            base_quantity=said.base_quantity,
            tax_category=said.category.code if said.category else None,
            tax_rate=said.category.rate if said.category else None,
            name=said.name,
            description=said.description,
            buyers_item=said.buyers_item,
            sellers_item=said.sellers_item,
            standard_item=said.standard_item.value if said.standard_item else None,
            order_number=said.order_number,
            order_line=said.order_line,
            despatch_advice=said.despatch_advice,
            adjustments=said.adjustments,
        )


class SupplierInvoice(Aggregate, Authored, Changing, Base):
    """An invoice or a credit note of a supplier. Its authors are who entered it and who decided of it."""

    __tablename__ = "supplier_invoice"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(InvoiceStatus), name="status"),
        CheckConstraint(column("syntax", Text).in_(Syntax), name="syntax"),
        CheckConstraint("number <> '' AND number_key <> ''", name="number"),
        CheckConstraint("preceding_id IS NULL OR is_credit_note", name="preceding"),
        CheckConstraint("credited >= 0 AND (credited = 0 OR credited <= gross)", name="credited"),
        CheckConstraint("(status = 'rejected') = (rejected_by IS NOT NULL)", name="rejected"),
        CheckConstraint(
            "num_nulls(rejected_by, rejected_at, rejection_reason) IN (0, 3)", name="rejection_reason"
        ),
        CheckConstraint("num_nulls(approved_by, approved_at) IN (0, 2)", name="approved"),
        CheckConstraint(
            "status NOT IN ('approved', 'scheduled', 'paid') OR approved_by IS NOT NULL",
            name="paid_after_approval",
        ),
        decided_by_another("author_does_not_approve"),
        Index(
            "uq_supplier_invoice_number",
            "supplier_id",
            "number_key",
            "is_credit_note",
            unique=True,
            postgresql_where=text(STANDS),
        ),
        Index("ix_supplier_invoice_supplier_id_id", "supplier_id", "id"),
        Index("ix_supplier_invoice_status_id", "status", "id"),
        Index("ix_supplier_invoice_number_id", "number", "id"),
        Index("ix_supplier_invoice_order_number_id", "order_number", "id"),
        Index("ix_supplier_invoice_issued_on_id", "issued_on", "id"),
        Index("ix_supplier_invoice_due_on_id", "due_on", "id", postgresql_where=text("due_on IS NOT NULL")),
        Index("ix_supplier_invoice_changed_in", "changed_in", "id"),
        Index(
            "ix_supplier_invoice_preceding_id",
            "preceding_id",
            postgresql_where=text("preceding_id IS NOT NULL"),
        ),
    )

    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    status: Mapped[str] = mapped_column(Text)
    is_credit_note: Mapped[bool]
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    number: Mapped[str] = mapped_column(Text)
    number_key: Mapped[str] = mapped_column(Text)
    syntax: Mapped[str] = mapped_column(Text)
    type_code: Mapped[str | None] = mapped_column(Text)
    issued_on: Mapped[date]
    due_on: Mapped[date | None]
    currency: Mapped[str] = mapped_column(Text)
    order_number: Mapped[str | None] = mapped_column(Text)
    buyer_reference: Mapped[str | None] = mapped_column(Text)
    payment_terms: Mapped[str | None] = mapped_column(Text)
    preceding_number: Mapped[str | None] = mapped_column(Text)
    preceding_id: Mapped[UUID | None] = mapped_column(ForeignKey("supplier_invoice.id"))
    lines_total: Mapped[Decimal | None]
    net: Mapped[Decimal]
    tax: Mapped[Decimal]
    gross: Mapped[Decimal]
    prepaid: Mapped[Decimal | None]
    rounding: Mapped[Decimal | None]
    payable: Mapped[Decimal]
    credited: Mapped[Decimal] = mapped_column(server_default=text("0"))
    """What credit notes have taken back of it, with tax."""
    breakdown: Mapped[tuple[Breakdown, ...]] = mapped_column(Kept(Breakdown), nullable=True)
    adjustments: Mapped[tuple[Adjustment, ...]] = mapped_column(Kept(Adjustment), nullable=True)
    violations: Mapped[tuple[Violation, ...]] = mapped_column(Kept(Violation), nullable=True)
    possible_duplicates: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    sender_id: Mapped[UUID | None]
    received_on: Mapped[date]
    received_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None]
    rejected_by: Mapped[str | None] = mapped_column(Text)
    rejected_at: Mapped[datetime | None]
    rejection_reason: Mapped[str | None] = mapped_column(Text)
    rejection_reason_for_supplier: Mapped[str | None] = mapped_column(Text)

    lines: Mapped[list[SupplierInvoiceLine]] = relationship(
        order_by=SupplierInvoiceLine.position, lazy="raise"
    )

    @property
    def our_number(self) -> str:
        """Our number for people, such as IN-000042."""
        return f"IN-{self.serial_number:06d}"

    def move(self, action: InvoiceAction) -> None:
        """Let it stand where an action leads; raises ConflictError where that is not possible."""
        self.status = next_status(action, self.status)

    def reject(self, by: str, at: datetime, reason: str, told: str | None) -> None:
        """Send it back to its supplier."""
        self.move(InvoiceAction.REJECT)
        self.rejected_by, self.rejected_at = by, at
        self.rejection_reason, self.rejection_reason_for_supplier = reason, told

    def approve(self, by: str, at: datetime) -> None:
        """Let it be paid."""
        self.move(InvoiceAction.APPROVE)
        self.approved_by, self.approved_at = by, at

    def credit(self, amount: Decimal) -> bool:
        """Let a credit note take back some of it; return whether that is all, so that it is cancelled."""
        self.credited += amount
        return self.credited == self.gross

    def uncredit(self, amount: Decimal) -> bool:
        """Give back what a rejected credit note had taken; return whether it is cancelled no more.

        It is matched again, and approved anew.
        """
        self.credited -= amount
        if self.status != InvoiceStatus.CANCELLED:
            return False
        self.move(InvoiceAction.REINSTATE)
        self.approved_by = self.approved_at = None
        return True

    def orders_named(self) -> Sequence[str]:
        """Return the orders that it or its lines name, each once; its lines have to be loaded."""
        named = [self.order_number, *(line.order_number for line in self.lines)]
        return list(dict.fromkeys(one for one in named if one))
