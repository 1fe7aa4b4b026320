"""Procurement's own copy of what suppliers are graded."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base


class SupplierGrade(Base):
    """A supplier's grade as performance told it last.

    Beside the copy of sourcing's supplier, which may come later: the two streams have no order between them.
    """

    __tablename__ = "supplier_grade"

    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)
    grade: Mapped[str | None] = mapped_column(Text)
    """None: too few of its lines are due for a score."""
