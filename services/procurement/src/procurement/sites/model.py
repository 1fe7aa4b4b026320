"""A site: where goods are delivered."""

from __future__ import annotations

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base
from purveyor.changes import Changing


class Site(Changing, Base):
    """A place of the organisation with its own business days."""

    __tablename__ = "site"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
