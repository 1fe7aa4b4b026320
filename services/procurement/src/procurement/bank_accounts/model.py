"""Procurement's own copy of where suppliers are paid: the accounts, sealed, and what holds payments."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, column
from sqlalchemy.orm import Mapped, mapped_column

from procurement.bank_accounts.rules import AccountStatus
from procurement.database import Base
from purveyor.changes import Changing


class SupplierBankAccount(Changing, Base):
    """An account as sourcing's events describe it; only they change it.

    Its number is in `sealed`, which only procurement's private key opens, and nothing else of it here.
    """

    __tablename__ = "supplier_bank_account"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(AccountStatus), name="status"),
        CheckConstraint(
            "status NOT IN ('active', 'ended') OR num_nulls(active_from, sealed) = 0", name="active"
        ),
        Index("ix_supplier_bank_account_supplier_id_id", "supplier_id", "id"),
        Index("ix_supplier_bank_account_status_id", "status", "id"),
        Index("ix_supplier_bank_account_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    supplier_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    masked: Mapped[str] = mapped_column(Text)
    sealed: Mapped[str | None] = mapped_column(Text)
    active_from: Mapped[date | None]
    ended_on: Mapped[date | None]
    changed_at: Mapped[datetime]


class BankAccountHold(Base):
    """A change that is not settled: the supplier is not paid in this currency meanwhile."""

    __tablename__ = "bank_account_hold"
    __table_args__ = (Index("ix_bank_account_hold_supplier_id", "supplier_id", "currency"),)

    change_id: Mapped[UUID] = mapped_column(primary_key=True)
    supplier_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(Text)
    held_since: Mapped[datetime]
