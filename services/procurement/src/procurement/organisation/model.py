"""Business units, cost centres and projects as they are stated."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from procurement.stated import Stated
from purveyor.changes import Changing


class _Part(Changing, Stated):
    """What all parts of the organisation have: a name, and the days from which and until which they are."""

    __abstract__ = True

    name: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class BusinessUnit(_Part):
    """A part of the company that orders in its own name."""

    __tablename__ = "business_unit"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="period"),
        Index("ix_business_unit_changed_in", "changed_in", "code"),
    )

    letterhead: Mapped[dict[str, Any] | None]
    electronic: Mapped[dict[str, Any] | None]


class _Charged(_Part):
    """What orders are charged to: of one business unit, or of all."""

    __abstract__ = True

    @declared_attr
    @classmethod
    def business_unit(cls) -> Mapped[str | None]:
        """Return the column of the business unit that may be charged to it; None: any."""
        return mapped_column(Text, ForeignKey("business_unit.code"))


class CostCentre(_Charged):
    """Where costs are collected, of one business unit or of all."""

    __tablename__ = "cost_centre"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="period"),
        Index("ix_cost_centre_changed_in", "changed_in", "code"),
        Index("ix_cost_centre_business_unit_code", "business_unit", "code"),
    )

    manager: Mapped[str | None] = mapped_column(Text, ForeignKey("person.code"))


class Project(_Charged):
    """An undertaking with an end, of one business unit or of all."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="period"),
        Index("ix_project_changed_in", "changed_in", "code"),
        Index("ix_project_business_unit_code", "business_unit", "code"),
    )
