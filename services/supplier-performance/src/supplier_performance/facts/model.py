"""What events tell that no other feature keeps: narrow tables, a row what one event says of one thing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from supplier_performance.database import Base


class Sourced:
    """Which event a row comes from, and when that was known."""

    event_id: Mapped[UUID]
    event_type: Mapped[str] = mapped_column(Text)
    known_at: Mapped[datetime]


class OrderedPrice(Base):
    """The price of an order line as a version says it; its event is the order's of that number."""

    __tablename__ = "ordered_price"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("price_base_quantity > 0", name="price_base_quantity"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[Decimal]
    price_base_quantity: Mapped[Decimal]
    quantity: Mapped[Decimal]


class ShippedLine(Sourced, Base):
    """What a despatch advice says of an order line, over all lots and parts of it."""

    __tablename__ = "shipped_line"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    shipment_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    """The event's number in the order's stream."""
    despatch_reference: Mapped[str] = mapped_column(Text)
    shipped_on: Mapped[date]
    expected_on: Mapped[date]
    """The day that it was announced for."""
    quantity: Mapped[Decimal]
    by_supplier: Mapped[bool]


class ShipmentChange(Base):
    """That a shipment is expected on another day, or does not come."""

    __tablename__ = "shipment_change"
    __table_args__ = (
        CheckConstraint("(expected_on IS NULL) <> (cancelled_on IS NULL)", name="either"),
        Index("ix_shipment_change_shipment_id", "order_id", "shipment_id"),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[UUID]
    known_at: Mapped[datetime]
    expected_on: Mapped[date | None]
    cancelled_on: Mapped[date | None]


class ShipmentReceipt(Base):
    """Which receipts are of a shipment, and which reversals are of which receipt."""

    __tablename__ = "shipment_receipt"
    __table_args__ = (Index("ix_shipment_receipt_receipt_id", "order_id", "receipt_id"),)

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    """The number of the receipt, or the reversal, in the order's stream."""
    receipt_id: Mapped[UUID]
    shipment_id: Mapped[UUID | None]
    """Null of a reversal, which is of the shipment that its receipt is of."""


class QualificationStep(Sourced, Base):
    """What became of a case of a supplier's qualification."""

    __tablename__ = "qualification_step"
    __table_args__ = (
        CheckConstraint(
            "step IN ('invited', 'returned', 'submitted', 'withdrawn', 'qualified', 'conditioned', "
            "'rejected', 'expired')",
            name="step",
        ),
        CheckConstraint(
            "step NOT IN ('qualified', 'conditioned') OR valid_until IS NOT NULL", name="valid_until"
        ),
        Index(
            "ix_qualification_step_decided",
            "supplier_id",
            "category",
            postgresql_where=text("step IN ('qualified', 'conditioned', 'rejected')"),
        ),
    )

    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    happened_on: Mapped[date]
    case_id: Mapped[UUID]
    case_number: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[str | None] = mapped_column(Text)
    """The making site that it is about; null: the supplier."""
    step: Mapped[str] = mapped_column(Text)
    valid_until: Mapped[date | None]
    result: Mapped[Decimal | None]


class DocumentStep(Sourced, Base):
    """What became of a document of a supplier."""

    __tablename__ = "document_step"
    __table_args__ = (
        CheckConstraint("step IN ('submitted', 'accepted', 'refused', 'withdrawn', 'expired')", name="step"),
        Index(
            "ix_document_step_accepted",
            "supplier_id",
            "document_type",
            postgresql_where=text("step = 'accepted'"),
        ),
    )

    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    happened_on: Mapped[date]
    document_id: Mapped[UUID]
    document_type: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str | None] = mapped_column(Text)
    """The site that it is of; null: all."""
    step: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    """Its last day; null when it has none."""


class RiskAssessment(Sourced, Base):
    """How risky a supplier is from a day on. No supplier is told."""

    __tablename__ = "risk_assessment"

    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    happened_on: Mapped[date]
    assessment: Mapped[int]
    level: Mapped[str | None] = mapped_column(Text)
    """Null: nothing that counts is known."""
    former_level: Mapped[str | None] = mapped_column(Text)
    overall: Mapped[Decimal | None]
    share_known: Mapped[int]
