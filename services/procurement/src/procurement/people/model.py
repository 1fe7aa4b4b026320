"""People as they are stated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from procurement.stated import Stated
from purveyor.changes import Changing


class Person(Changing, Stated):
    """Somebody of the organisation; an approval limit that is null is none at all."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="period"),
        CheckConstraint("manager <> code", name="manager"),
        CheckConstraint(
            "limit_amount >= 0 AND (limit_amount IS NULL) = (limit_currency IS NULL)", name="limit"
        ),
        Index("uq_person_subject", "subject", unique=True),
        Index("ix_person_manager_code", "manager", "code"),
        Index("ix_person_groups", "groups", postgresql_using="gin"),
        Index("ix_person_changed_in", "changed_in", "code"),
    )

    subject: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    manager: Mapped[str | None] = mapped_column(Text, ForeignKey("person.code"))
    limit_amount: Mapped[Decimal | None]
    limit_currency: Mapped[str | None] = mapped_column(Text)
    groups: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    site: Mapped[str | None] = mapped_column(Text, ForeignKey("site.code"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
