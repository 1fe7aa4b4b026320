"""A questionnaire's editions: each is drafted, published, and from then on what it is."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, Text, UniqueConstraint, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.db import new_id
from sourcing.database import Base
from sourcing.questionnaires.rules.questions import Content
from sourcing.questionnaires.rules.states import EditionMove, EditionStatus, moved


class Questionnaire(Authored, Changing, Base):
    """An edition of a questionnaire: what is asked, of whom, and from which marks on one qualifies."""

    __tablename__ = "questionnaire"
    __table_args__ = (
        UniqueConstraint("code", "edition"),
        CheckConstraint(column("status", Text).in_(EditionStatus), name="status"),
        CheckConstraint("edition > 0", name="edition"),
        CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="published_wholly"),
        CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published"),
        decided_by_another("published_by_another", by="published_by"),
        CheckConstraint("retired_by <> retirement_asked_by", name="retired_by_two"),
        CheckConstraint(
            "retirement_asked_by IS NULL OR retired_by IS NULL OR retired_by <> ALL (authors)",
            name="retired_by_another",
        ),
        CheckConstraint("pass_mark BETWEEN 0 AND 100", name="pass_mark"),
        CheckConstraint("conditional_mark <= pass_mark", name="conditional_mark"),
        Index("uq_questionnaire_draft", "code", unique=True, postgresql_where=text("status = 'draft'")),
        Index(
            "uq_questionnaire_published", "code", unique=True, postgresql_where=text("status = 'published'")
        ),
        Index("ix_questionnaire_code_id", "code", "id"),
        Index("ix_questionnaire_status_id", "status", "id"),
        Index("ix_questionnaire_category_id", "category", "id"),
        Index("ix_questionnaire_region_id", "region", "id"),
        Index("ix_questionnaire_required_id", "required", "id"),
        Index("ix_questionnaire_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    code: Mapped[str] = mapped_column(Text)
    edition: Mapped[int]
    status: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    required: Mapped[bool]
    pass_mark: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    conditional_mark: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    sections: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    drafted_by: Mapped[str] = mapped_column(Text)
    drafted_at: Mapped[datetime]
    published_by: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    retirement_asked_by: Mapped[str | None] = mapped_column(Text)
    """Who asked first to retire what is required; somebody else does it."""
    retired_by: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    @property
    def content(self) -> Content:
        """What it asks."""
        return Content.model_validate({"sections": self.sections})

    def move(self, move: EditionMove) -> None:
        """Do to it what its status allows; raises ConflictError otherwise."""
        self.status = moved(EditionStatus(self.status), move).value

    def publish(self, by: str, at: datetime) -> None:
        """Let suppliers be asked it; it never changes again."""
        self.move(EditionMove.PUBLISH)
        self.published_by, self.published_at = by, at
