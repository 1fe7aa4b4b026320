"""How an invoice was matched: which lines are for which, what keeps it from being paid, what was learned."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, column, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base
from procurement.matching.rules.assigning import Assigned
from procurement.matching.rules.exceptions import ExceptionKind, Finding, Resolution
from purveyor.changes import Changing
from purveyor.db import new_id
from purveyor_contract.roles import Role


class InvoiceLineMatch(Base):
    """The line of an order that a line of an invoice is for, and whether it counts as invoiced."""

    __tablename__ = "supplier_invoice_match"
    __table_args__ = (
        CheckConstraint("confidence BETWEEN 0 AND 100", name="confidence"),
        CheckConstraint("NOT counts OR quantity IS NOT NULL", name="counts"),
        Index("ix_supplier_invoice_match_order_id", "order_id", "line_number"),
        Index(
            "ix_supplier_invoice_match_watched",
            "order_id",
            "order_version",
            postgresql_where=text("is_watched"),
        ),
    )

    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("supplier_invoice.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("purchase_order.id"))
    line_number: Mapped[int]
    confidence: Mapped[int]
    signs: Mapped[list[str]] = mapped_column(ARRAY(Text))
    assigned_by: Mapped[str | None] = mapped_column(Text)
    """Who assigned it, where a person did: it is not looked for again."""
    quantity: Mapped[Decimal | None]
    """In the unit of the order's line, below zero where it is taken back; None: its unit does not convert.

    Nothing, where a credit note takes back an amount alone.
    """
    net_amount: Mapped[Decimal]
    price_variance: Mapped[Decimal | None]
    order_version: Mapped[int]
    """The order as it was when it was looked at last."""
    counts: Mapped[bool] = mapped_column(server_default=text("false"))
    is_watched: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether a change of its order matters still: its invoice is neither rejected, cancelled nor paid."""

    def find(self, found: Assigned) -> None:
        """Note which line was found."""
        self.order_id, self.line_number = found.order_id, found.line_number
        self.confidence, self.signs = found.confidence, [str(sign) for sign in found.signs]


class InvoiceLook(Base):
    """When an invoice was looked at last, so that each has its turn; and when again, where that failed."""

    __tablename__ = "supplier_invoice_look"

    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("supplier_invoice.id"), primary_key=True)
    looked_at: Mapped[datetime]
    not_before: Mapped[datetime | None]


class InvoiceException(Changing, Base):
    """What keeps an invoice from being matched, until it is gone or somebody accepts it."""

    __tablename__ = "supplier_invoice_exception"
    __table_args__ = (
        CheckConstraint(column("kind", Text).in_(ExceptionKind), name="kind"),
        CheckConstraint(column("resolution", Text).in_(Resolution), name="resolution"),
        CheckConstraint(column("owner_role", Text).in_(Role), name="owner_role"),
        CheckConstraint("num_nulls(resolution, reason, resolved_by, resolved_at) IN (0, 4)", name="resolved"),
        CheckConstraint(
            "is_open = (gone_at IS NULL AND resolution IS DISTINCT FROM 'accept')", name="is_open"
        ),
        Index(
            "uq_supplier_invoice_exception",
            "invoice_id",
            "kind",
            "position",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_supplier_invoice_exception_due_on_id", "due_on", "id"),
        Index("ix_supplier_invoice_exception_kind_id", "kind", "id"),
        Index("ix_supplier_invoice_exception_owner_role_id", "owner_role", "id"),
        Index("ix_supplier_invoice_exception_changed_in", "changed_in", "id"),
        Index("ix_supplier_invoice_exception_open", "due_on", "id", postgresql_where=text("is_open")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("supplier_invoice.id"))
    position: Mapped[int | None]
    kind: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    expected: Mapped[Decimal | None]
    found: Mapped[Decimal | None]
    owner_role: Mapped[str] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text)
    """Who issued the order, where it is for a buyer."""
    due_on: Mapped[date]
    found_at: Mapped[datetime]
    is_open: Mapped[bool]
    resolution: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    resolved_by: Mapped[str | None] = mapped_column(Text)
    resolved_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]

    def finding(self) -> Finding:
        """Return what was found."""
        return Finding(ExceptionKind(self.kind), self.detail, self.position, self.expected, self.found)

    def find(self, finding: Finding, at: datetime) -> None:
        """Let it be found, again or otherwise than before: what was decided of another is not of this."""
        self.detail, self.expected, self.found = finding.detail, finding.expected, finding.found
        self.found_at, self.gone_at, self.is_open = at, None, True
        self.resolution = self.reason = self.resolved_by = self.resolved_at = None

    def go(self, at: datetime) -> None:
        """Let it be gone by itself."""
        if self.gone_at is None:
            self.gone_at, self.is_open = at, False

    def resolve(self, resolution: Resolution, reason: str, by: str, at: datetime) -> None:
        """Note what somebody decides of it; what is accepted is open no more."""
        self.resolution, self.reason = resolution, reason
        self.resolved_by, self.resolved_at = by, at
        self.is_open = resolution is not Resolution.ACCEPT


class LearnedItem(Base):
    """What a supplier calls an item of ours, as somebody has said by assigning a line."""

    __tablename__ = "supplier_item_name"

    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    said: Mapped[str] = mapped_column(Text, primary_key=True)
    item: Mapped[str] = mapped_column(Text)
    learned_by: Mapped[str] = mapped_column(Text)
    learned_at: Mapped[datetime]
