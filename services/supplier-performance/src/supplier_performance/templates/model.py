"""A scorecard template and its versions: each is drafted, and never changes once activated."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import Authored, decided_by_another
from purveyor.errors import ConflictError
from purveyor_contract.events.supplier_performance.templates import ScorecardTemplateActivated
from purveyor_messaging.outbox import Aggregate
from supplier_performance.database import Base
from supplier_performance.templates.rules.template import InForce, Template


class Status(StrEnum):
    """Where a version of a template stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    SUPERSEDED = "superseded"


class ScorecardTemplate(Aggregate, Base):
    """What the versions of a template have in common: its code, and the stream of what was activated."""

    __tablename__ = "scorecard_template"
    __table_args__ = (UniqueConstraint("code"),)

    code: Mapped[str] = mapped_column(Text)


class TemplateVersion(Authored, Base):
    """A version of a scorecard template."""

    __tablename__ = "template_version"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(column("status", Text).in_(Status), name="status"),
        CheckConstraint(
            "(status = 'draft') = (activated_by IS NULL) AND (activated_by IS NULL) = (activated_at IS NULL)",
            name="activated",
        ),
        decided_by_another("activated_by_another", by="activated_by"),
        Index(
            "uq_template_version_draft", "template_id", unique=True, postgresql_where=text("status = 'draft'")
        ),
        Index(
            "uq_template_version_active",
            "template_id",
            unique=True,
            postgresql_where=text("status = 'active'"),
        ),
    )

    template_id: Mapped[UUID] = mapped_column(ForeignKey("scorecard_template.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(Text, default=Status.DRAFT.value)
    stated: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """All that it says: a `Template`."""
    drafted_at: Mapped[datetime]
    activated_by: Mapped[str | None] = mapped_column(Text)
    activated_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    @property
    def template(self) -> Template:
        """What it says."""
        return Template.model_validate(self.stated)

    def state(self, template: Template, by: str) -> None:
        """Say what it says anew; raises ConflictError for what is no draft any more."""
        self._expect_draft()
        self.stated = template.model_dump(mode="json")
        self.note_author(by)

    def activate(self, code: str, previous: int | None, by: str, at: datetime) -> ScorecardTemplateActivated:
        """Let suppliers be judged by it from now on."""
        self._expect_draft()
        self.status, self.activated_by, self.activated_at = Status.ACTIVE.value, by, at
        template = self.template
        return ScorecardTemplateActivated(
            template_id=self.template_id,
            code=code,
            number=self.number,
            previous_number=previous,
            title=template.title,
            category=str(template.category),
            template=self.stated,
            drafted_by=list(self.authors),
            activated_by=by,
        )

    def in_force(self, code: str) -> InForce:
        """Return it as that by which suppliers are judged."""
        return InForce(code, self.number, self.template)

    def _expect_draft(self) -> None:
        if self.status != Status.DRAFT:
            why = f"Version {self.number} is {self.status}, and never changes: draft the next one."
            raise ConflictError("wrong_state", why, allowed=[])
