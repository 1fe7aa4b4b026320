"""What else a supplier is called, and who owns it: stated for screening."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from sourcing.database import Base


class ScreenedNames(Base):
    """The aliases and owners of a supplier, all of them."""

    __tablename__ = "screened_names"

    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    names: Mapped[list[dict[str, Any]]]
    stated_by: Mapped[str] = mapped_column(Text)
    stated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy
