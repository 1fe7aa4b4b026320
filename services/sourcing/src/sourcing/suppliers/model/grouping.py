"""By what people group suppliers: who of them answers for one, and how they tag it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sourcing.suppliers.rules.tags import MOST_TAGS

GROUPING_RULES = (
    CheckConstraint(f"cardinality(tags) <= {MOST_TAGS}", name="tags"),
    Index("ix_supplier_owner", "owner", "number"),
    Index("ix_supplier_tags", "tags", postgresql_using="gin"),
)
"""What of it the database itself holds, and finds suppliers by."""


class Grouped:
    """How a supplier is grouped; it is no change of it, whose version and approvals stay as they are."""

    owner: Mapped[str | None] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))
