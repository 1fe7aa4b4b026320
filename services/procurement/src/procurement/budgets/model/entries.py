"""The ledger: an entry for whatever changes a budget's figures, and what no budget covered."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, column, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.budgets.rules.charging import EntryKind
from procurement.budgets.rules.control import NotCovered
from procurement.database import Base
from purveyor.db import new_id


class BudgetEntry(Base):
    """What something added to a period's figures; never changed: the database lets nobody."""

    __tablename__ = "budget_entry"
    __table_args__ = (
        CheckConstraint(column("kind", Text).in_(EntryKind), name="kind"),
        CheckConstraint(
            "num_nulls(document_kind, document_id, document_number, document_amount, document_currency,"
            " line_number, category) IN (0, 7)",
            name="document",
        ),
        UniqueConstraint("budget_id", "number"),
        Index("ix_budget_entry_budget_id_id", "budget_id", "id"),
        Index("ix_budget_entry_document_id_id", "document_id", "id"),
        Index("ix_budget_entry_kind_id", "kind", "id"),
        Index("ix_budget_entry_recorded_on_id", "recorded_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"))
    number: Mapped[int] = mapped_column(BigInteger)
    period: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    budgeted: Mapped[Decimal]
    reserved: Mapped[Decimal]
    committed: Mapped[Decimal]
    spent: Mapped[Decimal]
    day: Mapped[date]
    document_kind: Mapped[str | None] = mapped_column(Text)
    document_id: Mapped[UUID | None]
    document_number: Mapped[str | None] = mapped_column(Text)
    line_number: Mapped[int | None]
    cost_centre: Mapped[str | None] = mapped_column(Text)
    project: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    document_amount: Mapped[Decimal | None]
    document_currency: Mapped[str | None] = mapped_column(Text)
    rate: Mapped[Decimal | None]
    rated_on: Mapped[date | None]
    other_budget_id: Mapped[UUID | None]
    override_id: Mapped[UUID | None]
    recorded_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(Text)


class UncoveredLine(Base):
    """What a document asked for and no budget covered, and the answer that it got; never changed."""

    __tablename__ = "budget_uncovered_line"
    __table_args__ = (
        CheckConstraint(column("answer", Text).in_(NotCovered), name="answer"),
        Index("ix_budget_uncovered_line_document_id_id", "document_id", "id"),
        Index("ix_budget_uncovered_line_cost_centre_id", "cost_centre", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    document_kind: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID]
    document_number: Mapped[str] = mapped_column(Text)
    line_number: Mapped[int]
    cost_centre: Mapped[str] = mapped_column(Text)
    project: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(Text)
    day: Mapped[date]
    answer: Mapped[str] = mapped_column(Text)
    policy_version: Mapped[int] = mapped_column(server_default=text("0"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(Text)
