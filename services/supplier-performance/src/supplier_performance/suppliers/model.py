"""What this service knows of a supplier beside its deliveries."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from supplier_performance.database import Base


class Supplier(Base):
    """A copy of sourcing's supplier: enough to name it in a league table."""

    __tablename__ = "supplier"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    name: Mapped[str]
    status: Mapped[str]
