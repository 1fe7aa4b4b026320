"""Procurement's own copy of a supplier: whether, and for what, it may be ordered from."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, column, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base
from procurement.suppliers.rules import SupplierStatus
from purveyor.authored import Authored
from purveyor.changes import Changing


class Supplier(Authored, Changing, Base):
    """A supplier as sourcing's events describe it; only they change it.

    Its authors are who onboarded it, who changed who it is, and who acts or acted for it.

    `approvals` and `blocks` lie in the supplier's own row, so that issuing an order and a suspension meet at
    one lock.
    """

    __tablename__ = "supplier"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(SupplierStatus), name="status"),
        Index("ix_supplier_external_reference", "external_reference"),
        Index("ix_supplier_status_id", "status", "id"),
        Index("ix_supplier_country_id", "country", "id"),
        Index("ix_supplier_imported_id", "imported", "id"),
        Index("ix_supplier_source_system_id", "source_system", "id"),
        Index("ix_supplier_number_id", "number", "id"),
        Index("ix_supplier_legal_name_id", "legal_name", "id"),
        Index("ix_supplier_changed_in", "changed_in", "id"),
        Index("ix_supplier_parent_id", "parent_id", "id", postgresql_where=text("parent_id IS NOT NULL")),
        Index("ix_supplier_present_id", "present_id", postgresql_where=text("present_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    legal_name: Mapped[str] = mapped_column(Text)
    country: Mapped[str | None] = mapped_column(Text)
    identifiers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    status: Mapped[str] = mapped_column(Text)
    status_reason: Mapped[str | None] = mapped_column(Text)
    order_flag: Mapped[str | None] = mapped_column(Text)
    approvals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    onboarded_by: Mapped[str] = mapped_column(Text)
    approvers: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    external_reference: Mapped[str | None] = mapped_column(Text)
    source_system: Mapped[str] = mapped_column(Text, server_default=text("'main'"))
    imported: Mapped[bool] = mapped_column(server_default=text("false"))
    parent_id: Mapped[UUID | None]
    """The company that owns it, as sourcing told; which may be merged by now, or not known here yet."""
    merged_into: Mapped[UUID | None]
    """What sourcing told of a supplier that ended as another, which may not be known here yet."""
    present_id: Mapped[UUID | None]
    """Of one that was merged, which it is at present: the end of the chain, as far as was heard."""
    changed_at: Mapped[datetime]
    risk: Mapped[str | None] = mapped_column(Text)
    """Its level as sourcing told it last; None: nothing that counts is known."""
