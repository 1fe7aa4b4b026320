"""Which company a supplier belongs to: a part of who it is, so that another confirms a change of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from purveyor_contract.events.sourcing.groups import SupplierGroupChanged

HUNDREDTH = Decimal("0.01")
PARENT_RULES = (
    CheckConstraint("parent_id <> id", name="parent_is_another"),
    CheckConstraint("parent_share > 0 AND parent_share <= 100", name="parent_share"),
    CheckConstraint("parent_id IS NOT NULL OR num_nonnulls(parent_share, parent_source) = 0", name="parent"),
    Index("ix_supplier_parent_id", "parent_id", "number", postgresql_where=text("parent_id IS NOT NULL")),
)
"""What of it the database itself holds."""


class Belonging:
    """What a supplier knows of the company that owns it."""

    if TYPE_CHECKING:  # what it needs of the supplier that it is a part of
        id: Mapped[UUID]

    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("supplier.id"))
    parent_share: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    """How much of it the parent holds, in percent; None: not known."""
    parent_source: Mapped[str | None] = mapped_column(Text)

    def belong_to(
        self, parent_id: UUID | None, share: Decimal | None, source: str | None, by: str
    ) -> SupplierGroupChanged:
        """Belong to another company from now on, or to none."""
        self.parent_id, self.parent_source = parent_id, source
        self.parent_share = None if share is None else share.quantize(HUNDREDTH)
        return SupplierGroupChanged(
            supplier_id=self.id, parent_id=parent_id, share=share, source=source, changed_by=by
        )
