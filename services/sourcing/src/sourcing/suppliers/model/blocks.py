"""The purchasing blocks of a supplier: while one holds, nothing new is ordered that it covers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from purveyor_contract.events.sourcing.blocks import SupplierBlock as BlockInEvent
from sourcing.database import Base
from sourcing.suppliers.rules.blocks import BlockCause


class SupplierBlock(Base):
    """What keeps from ordering from a supplier, in some categories or in all, until its cause is gone."""

    __tablename__ = "supplier_block"
    __table_args__ = (
        CheckConstraint(column("cause", Text).in_(BlockCause), name="cause"),
        CheckConstraint("cardinality(categories) > 0", name="categories"),
        Index("ix_supplier_block_reference", "reference"),
    )

    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    cause: Mapped[str] = mapped_column(Text, primary_key=True)
    reference: Mapped[UUID] = mapped_column(primary_key=True)
    categories: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    reason: Mapped[str] = mapped_column(Text)
    reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    blocked_by: Mapped[str] = mapped_column(Text)
    blocked_at: Mapped[datetime]

    def told(self) -> BlockInEvent:
        """Return it as events carry it."""
        return BlockInEvent(
            cause=self.cause,
            reference=self.reference,
            categories=None if self.categories is None else tuple(self.categories),
            reason=self.reason,
            blocked_at=self.blocked_at,
        )

    def audited(self) -> dict[str, Any]:
        """Return what the trail says of it."""
        return {
            "cause": self.cause,
            "reference": self.reference,
            "categories": self.categories,
            "reason": self.reason,
        }


class Blocked:
    """What a supplier knows of its blocks."""

    if TYPE_CHECKING:
        blocks: Mapped[list[SupplierBlock]]

    def blocks_told(self) -> tuple[BlockInEvent, ...]:
        """Return every block that holds, the oldest first, as events carry them."""
        return tuple(block.told() for block in self.blocks)

    def block_by(self, cause: BlockCause, reference: UUID) -> SupplierBlock | None:
        """Return the block that comes from this, if it holds."""
        for block in self.blocks:
            if (block.cause, block.reference) == (cause, reference):
                return block
        return None
