"""Which company owns a supplier."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from supplier_performance.database import Base


class SupplierParent(Base):
    """The company that a supplier belongs to; those that belong to none have no row.

    Beside the copy of suppliers: another consumer keeps it, which has read its topic from the beginning.
    """

    __tablename__ = "supplier_parent"

    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID]
    """As sourcing told; which may be another supplier since it was merged, or not known here yet."""
