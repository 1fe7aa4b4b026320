"""How far suppliers were held against lists: all of them by a run, one after the other when they change."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text, column, text
from sqlalchemy.orm import Mapped, mapped_column

from sourcing.database import Base


class ScreeningRun(Base):
    """All suppliers held against a version of a list, or against what is new in it; how far it has come."""

    __tablename__ = "screening_run"
    __table_args__ = (
        CheckConstraint(column("why", Text).in_(("list_loaded", "daily")), name="why"),
        Index("ix_screening_run_unfinished", "id", postgresql_where=text("finished_at IS NULL")),
        Index("ix_screening_run_list", "list", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    list: Mapped[str] = mapped_column(ForeignKey("screening_list.code"))
    list_version: Mapped[int]
    newer_than: Mapped[int]
    why: Mapped[str] = mapped_column(Text)
    business_date: Mapped[date | None]
    begun_at: Mapped[datetime]
    after_entry: Mapped[UUID]
    after_supplier: Mapped[UUID]
    comparisons: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    of_comparisons: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    hits: Mapped[int] = mapped_column(server_default=text("0"))
    finished_at: Mapped[datetime | None]


class ScreeningDue(Base):
    """A supplier that is new or has changed, and is to be held against the lists."""

    __tablename__ = "screening_due"

    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)
    noted_at: Mapped[datetime]


class ScreeningMark(Base):
    """Up to which change of suppliers all were noted, in which database: a single row."""

    __tablename__ = "screening_mark"
    __table_args__ = (CheckConstraint("one", name="one"),)

    one: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    incarnation: Mapped[str] = mapped_column(Text)
    transaction: Mapped[int] = mapped_column(BigInteger)
    supplier_id: Mapped[UUID]


class ScreenedSupplier(Base):
    """When a supplier was held against the lists since it changed last, and what it was then."""

    __tablename__ = "screened_supplier"

    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    screened_at: Mapped[datetime]
