"""That an amount is to go from one budget, or one period, to another."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, column
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from procurement.budgets.rules.states import TransferStatus
from procurement.database import Base
from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.db import new_id


class BudgetTransfer(Authored, Changing, Base):
    """A transfer: asked for by one, approved by another."""

    __tablename__ = "budget_transfer"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(TransferStatus), name="status"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(from_budget_id, from_period) <> (to_budget_id, to_period)", name="apart"),
        decided_by_another("author_does_not_approve"),
        CheckConstraint("(status = 'approved') = (approved_by IS NOT NULL)", name="approved"),
        CheckConstraint("awaits_approval IS NULL OR status = 'proposed'", name="awaits_approval"),
        Index("ix_budget_transfer_status_id", "status", "id"),
        Index("ix_budget_transfer_changed_in", "changed_in", "id"),
        Index("ix_budget_transfer_from_budget_id_id", "from_budget_id", "id"),
        Index("ix_budget_transfer_to_budget_id_id", "to_budget_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(Text)
    from_budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"))
    from_period: Mapped[int]
    to_budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"))
    to_period: Mapped[int]
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    awaits_approval: Mapped[UUID | None]
    """The approval whose steps decide of it."""
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(Text)
    ended_reason: Mapped[str | None] = mapped_column(Text)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}
