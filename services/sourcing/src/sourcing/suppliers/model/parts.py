"""What a supplier has several of: its numbers, and the categories that it is approved for."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import Authored, decided_by_another
from sourcing.database import Base


class Identifier(Base):
    """A number by which others know a supplier; no two suppliers share one."""

    __tablename__ = "supplier_identifier"
    __table_args__ = (Index("ix_supplier_identifier_supplier_id", "supplier_id"),)

    scheme: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))


class CategoryApproval(Authored, Base):
    """A category that a supplier may be ordered from, until when, and who decided so.

    It repeats who registered the supplier, and notes who had written it when it was approved, so that the
    database itself keeps them apart from who decided.
    """

    __tablename__ = "category_approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ["supplier_id", "registered_by"], ["supplier.id", "supplier.registered_by"], onupdate="CASCADE"
        ),
        CheckConstraint("imported OR approved_by <> registered_by", name="approver_is_not_registrar"),
        decided_by_another("author_does_not_approve", unless="imported"),
        Index("ix_category_approval_category", "category", "expires_on"),
    )

    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(Text, primary_key=True)
    expires_on: Mapped[date | None]
    approved_by: Mapped[str] = mapped_column(Text)
    approved_at: Mapped[datetime]
    registered_by: Mapped[str] = mapped_column(Text)
    imported: Mapped[bool] = mapped_column(default=False)
    exception_reason: Mapped[str | None] = mapped_column(Text)
