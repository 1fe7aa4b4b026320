"""What this service knows of a supplier beside its deliveries."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from supplier_performance.database import Base


class Supplier(Base):
    """A copy of sourcing's supplier: enough to name it in a league table."""

    __tablename__ = "supplier"
    __table_args__ = (
        Index("ix_supplier_present_id", "present_id", postgresql_where=text("present_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    name: Mapped[str]
    status: Mapped[str]
    merged_into: Mapped[UUID | None]
    """What sourcing told of a supplier that ended as another, which may not be known here yet."""
    present_id: Mapped[UUID | None]
    """Of one that was merged, which it is at present: the end of the chain, as far as was heard."""
