"""Procurement's own copy of contracts: who delivers on them, and their prices by version and day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Text, column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from procurement.contracts.rules import ContractStatus
from procurement.database import Base

WITH_ITS_CONTRACT = "CASCADE"


class KnownContract(Base):
    """A contract as sourcing's events describe it; only they change it."""

    __tablename__ = "contract"
    __table_args__ = (CheckConstraint(column("status", Text).in_(ContractStatus), name="status"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[UUID]
    award_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    edition: Mapped[int]
    ceiling_value: Mapped[Decimal | None] = mapped_column(Numeric)


class ContractParty(Base):
    """A company that delivers on a contract."""

    __tablename__ = "contract_party"
    __table_args__ = (Index("ix_contract_party_supplier_id", "supplier_id"),)

    contract_id: Mapped[UUID] = mapped_column(
        ForeignKey("contract.id", ondelete=WITH_ITS_CONTRACT), primary_key=True
    )
    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)


class ContractPriceRow(Base):
    """A line of a version's price list, on the days on which orders go by it; versions share no day."""

    __tablename__ = "contract_price"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_to", name="days"),
        Index("ix_contract_price_item", "contract_id", "item"),
    )

    contract_id: Mapped[UUID] = mapped_column(
        ForeignKey("contract.id", ondelete=WITH_ITS_CONTRACT), primary_key=True
    )
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category: Mapped[str] = mapped_column(Text)
    item: Mapped[str | None] = mapped_column(Text)
    site: Mapped[str | None] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    price_base_quantity: Mapped[Decimal] = mapped_column(Numeric)
    pack_quantity: Mapped[Decimal | None] = mapped_column(Numeric)
    least_quantity: Mapped[Decimal | None] = mapped_column(Numeric)
    most_quantity: Mapped[Decimal | None] = mapped_column(Numeric)
    tiers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
