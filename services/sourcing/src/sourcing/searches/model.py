"""A saved search: filters and a sort of the list of suppliers, under a name of its owner's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.changes import Changing
from purveyor.db import new_id
from purveyor.texts import comparable
from sourcing.database import Base
from sourcing.searches.rules import Ownership


class SupplierSearch(Changing, Base):
    """What somebody asks the list of suppliers again and again."""

    __tablename__ = "supplier_search"
    __table_args__ = (
        UniqueConstraint("owner", "name_key"),
        Index("ix_supplier_search_owner_id", "owner", "id"),
        Index("ix_supplier_search_shared_id", "shared", "id"),
        Index("ix_supplier_search_name", "name_key", "id"),
        Index("ix_supplier_search_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    owner: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text(collation="C"))
    shared: Mapped[bool]
    filters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sort: Mapped[str | None] = mapped_column(Text)
    saved_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    @property
    def ownership(self) -> Ownership:
        """Whose it is."""
        return Ownership(self.owner, self.shared)

    def call(self, name: str) -> None:
        """Give it a name; two of one owner are never called alike."""
        self.name, self.name_key = name, comparable(name)
