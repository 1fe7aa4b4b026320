"""That somebody let a document take more than a budget leaves."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base
from purveyor.authored import decided_by_another
from purveyor.db import new_id


class BudgetOverride(Base):
    """A document may take so much more than a budget leaves; what was used, and who had written it."""

    __tablename__ = "budget_override"
    __table_args__ = (
        CheckConstraint("amount > 0 AND used BETWEEN 0 AND amount", name="amount"),
        decided_by_another("author_does_not_override", by="granted_by", kept_apart="document_authors"),
        Index("ix_budget_override_budget_id_id", "budget_id", "id"),
        Index("ix_budget_override_document_id_id", "document_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"))
    document_kind: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID]
    amount: Mapped[Decimal]
    used: Mapped[Decimal] = mapped_column(server_default=text("0"))
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime]
    policy_version: Mapped[int]
    document_authors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
