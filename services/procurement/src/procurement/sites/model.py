"""A site: where goods are delivered."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.stated import Stated
from purveyor.authored import Authored
from purveyor.changes import Changing


class Site(Authored, Changing, Stated):
    """A place of the organisation with its own business days; who stated any of it is its author."""

    __tablename__ = "site"
    __table_args__ = (CheckConstraint("valid_to >= valid_from", name="period"),)

    name: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    address: Mapped[dict[str, Any] | None]
    gln: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
