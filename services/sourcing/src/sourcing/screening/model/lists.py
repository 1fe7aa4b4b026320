"""Lists of parties that nobody may trade with, in versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sourcing.database import Base
from sourcing.screening.rules.forms import Form
from sourcing.screening.rules.loading import LoadStatus


class ScreeningList(Base):
    """A list that suppliers are held against, and which version of it."""

    __tablename__ = "screening_list"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(server_default=text("0"))


class ScreeningListVersion(Base):
    """A file of a list that was sent: what was in it, and whether suppliers are held against it."""

    __tablename__ = "screening_list_version"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(LoadStatus), name="status"),
        CheckConstraint(column("form", Text).in_(Form), name="form"),
        Index(
            "uq_screening_list_version_loading",
            "list",
            unique=True,
            postgresql_where=text("status = 'loading'"),
        ),
    )

    list: Mapped[str] = mapped_column(ForeignKey("screening_list.code"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    form: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    entries: Mapped[int] = mapped_column(server_default=text("0"))
    skipped: Mapped[int] = mapped_column(server_default=text("0"))
    broken: Mapped[int] = mapped_column(server_default=text("0"))
    new: Mapped[int] = mapped_column(server_default=text("0"))
    changed: Mapped[int] = mapped_column(server_default=text("0"))
    gone: Mapped[int] = mapped_column(server_default=text("0"))
    problem: Mapped[str | None] = mapped_column(Text)
    loaded_by: Mapped[str] = mapped_column(Text)
    begun_at: Mapped[datetime]
    worked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ScreeningEntry(Base):
    """A party as versions of a list name it: from one on, and until before another."""

    __tablename__ = "screening_entry"
    __table_args__ = (
        Index(
            "uq_screening_entry_list_reference_since_version",
            "list",
            "reference",
            "since_version",
            unique=True,
        ),
        Index("ix_screening_entry_list_id", "list", "id"),
        Index("ix_screening_entry_list_since_version", "list", "since_version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    list: Mapped[str] = mapped_column(ForeignKey("screening_list.code"))
    reference: Mapped[str] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[dict[str, Any]]
    words: Mapped[Sequence[str]] = mapped_column(ARRAY(Text))
    since_version: Mapped[int]
    until_version: Mapped[int | None]


class ScreeningArrival(Base):
    """A row of a file that is being loaded, so that what is gone from a list is found; then forgotten."""

    __tablename__ = "screening_arrival"

    list: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class ScreeningBrokenRow(Base):
    """A row that could not be read, and why; of many the first."""

    __tablename__ = "screening_broken_row"
    __table_args__ = (
        ForeignKeyConstraint(
            ["list", "number"], ["screening_list_version.list", "screening_list_version.number"]
        ),
    )

    list: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(Text)
