"""How a subscriber maps its copy of a category."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from purveyor.changes import Changing


class KnownCategory(Changing):
    """A category as sourcing's events describe it; only they change it. The table is called `category`.

    `ancestors` is worked out here, from what each category was told to lie in.
    """

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        """Its indexes: a table each has its own."""
        return (
            Index("ix_category_category_id", "category_id"),
            Index("ix_category_parent", "parent", "code"),
            Index("ix_category_ancestors", "ancestors", postgresql_using="gin"),
            Index("ix_category_changed_in", "changed_in", "code"),
        )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    category_id: Mapped[UUID]
    names: Mapped[list[dict[str, Any]]]
    parent: Mapped[str | None] = mapped_column(Text)
    ancestors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    unspsc: Mapped[str | None] = mapped_column(Text)
    cpv: Mapped[str | None] = mapped_column(Text)
    retired_on: Mapped[date | None]
    changed_at: Mapped[datetime]
