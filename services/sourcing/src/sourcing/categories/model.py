"""A category, and what was stated of it before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.changes import Changing
from purveyor_contract.events.sourcing.categories import CategoryDefined, CategoryMoved, CategoryRetired
from purveyor_messaging.outbox import Aggregate
from sourcing.categories.rules.definitions import CONTENT
from sourcing.database import Base


class Category(Aggregate, Changing, Base):
    """A kind of thing that is bought, under one code, in another one or at the top."""

    __tablename__ = "category"
    __table_args__ = (
        CheckConstraint("parent <> code", name="not_in_itself"),
        CheckConstraint("proposed_by IS NOT NULL OR proposed_parent IS NULL", name="proposed_wholly"),
        CheckConstraint("(moved_by IS NULL) = (move_asked_by IS NULL)", name="moved_wholly"),
        CheckConstraint("moved_by <> move_asked_by", name="moved_by_another"),
        Index("ix_category_parent", "parent", "code"),
        Index("ix_category_owner", "owner", "code"),
        Index("ix_category_unspsc", "unspsc", "code"),
        Index("ix_category_cpv", "cpv", "code"),
        Index("ix_category_retired", text("(retired_on IS NOT NULL)"), "code"),
        Index("ix_category_taken_over", "taken_over", "code"),
        Index("ix_category_changed_in", "changed_in", "code"),
        Index("ix_category_words", text("array_to_tsvector(words)"), postgresql_using="gin"),
    )

    code: Mapped[str] = mapped_column(Text, unique=True)
    names: Mapped[list[dict[str, Any]]]
    parent: Mapped[str | None] = mapped_column(ForeignKey("category.code"))
    owner: Mapped[str | None] = mapped_column(Text)
    unspsc: Mapped[str | None] = mapped_column(Text)
    cpv: Mapped[str | None] = mapped_column(Text)
    retired_on: Mapped[date | None]
    taken_over: Mapped[bool]
    words: Mapped[list[str]] = mapped_column(ARRAY(Text))
    proposed_parent: Mapped[str | None] = mapped_column(Text)
    """What it is to lie in once somebody other than `proposed_by` confirms it."""
    proposed_by: Mapped[str | None] = mapped_column(Text)
    move_asked_by: Mapped[str | None] = mapped_column(Text)
    moved_by: Mapped[str | None] = mapped_column(Text)

    def content(self) -> dict[str, Any]:
        """Return what was stated of it last."""
        return {name: getattr(self, name) for name in CONTENT}

    def propose(self, parent: str | None, by: str | None) -> None:
        """Note what it is to lie in and who asks for that; nobody: it stays where it is."""
        self.proposed_parent, self.proposed_by = parent, by

    def move(self, by: str) -> None:
        """Let it lie where it was proposed; by another than who proposed it."""
        self.parent, self.move_asked_by, self.moved_by = self.proposed_parent, self.proposed_by, by
        self.propose(None, None)

    def as_of_now(self, number: int, change: str, by: str, at: datetime, reason: str | None) -> Version:
        """Return it as it is now, to be kept."""
        return Version(
            category_id=self.id,
            number=number,
            **self.content(),
            retired_on=self.retired_on,
            proposed_parent=self.proposed_parent,
            asked_by=self.move_asked_by if change == "moved" else None,
            change=change,
            reason=reason,
            changed_by=by,
            valid_from=at,
        )

    def defined(self, by: str) -> CategoryDefined:
        """Return what the world learns when it is defined, or defined otherwise."""
        return CategoryDefined(
            category_id=self.id,
            code=self.code,
            **self.content(),
            retired_on=self.retired_on,
            taken_over=self.taken_over,
            defined_by=by,
        )

    def moved(self, before: str | None, asked_by: str, by: str) -> CategoryMoved:
        """Return what the world learns when it lies elsewhere from now on, with all that lies in it."""
        return CategoryMoved(
            category_id=self.id,
            code=self.code,
            parent=self.parent,
            former_parent=before,
            asked_by=asked_by,
            moved_by=by,
        )

    def retired(self, on: date, reason: str, by: str) -> CategoryRetired:
        """Return what the world learns when nothing new is begun in it."""
        return CategoryRetired(
            category_id=self.id, code=self.code, retired_on=on, reason=reason, retired_by=by
        )


class Version(Base):
    """A category as it was stated once: who said so, and from when on it held, until the next one."""

    __tablename__ = "category_version"
    __table_args__ = (CheckConstraint("asked_by <> changed_by", name="moved_by_another"),)

    category_id: Mapped[UUID] = mapped_column(ForeignKey("category.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    names: Mapped[list[dict[str, Any]]]
    parent: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text)
    unspsc: Mapped[str | None] = mapped_column(Text)
    cpv: Mapped[str | None] = mapped_column(Text)
    retired_on: Mapped[date | None]
    proposed_parent: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[str | None] = mapped_column(Text)
    change: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[datetime]
