"""A KPI that people have defined, and its versions: each is drafted, and never changes once activated."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import Authored, decided_by_another
from purveyor.errors import ConflictError
from purveyor_contract.events.supplier_performance.kpis import KpiDefined
from purveyor_messaging.outbox import Aggregate
from supplier_performance.database import Base
from supplier_performance.kpis.rules.grammar import Definition
from supplier_performance.kpis.rules.kpi import Kpi, Status


class DefinedKpi(Aggregate, Base):
    """What the versions of a KPI have in common: its code, and the stream of what was activated."""

    __tablename__ = "kpi"
    __table_args__ = (UniqueConstraint("code"),)

    code: Mapped[str] = mapped_column(Text)


class KpiVersion(Authored, Base):
    """A version of a KPI."""

    __tablename__ = "kpi_version"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(column("status", Text).in_(Status), name="status"),
        CheckConstraint(
            "(status = 'draft') = (activated_by IS NULL) AND (activated_by IS NULL) = (activated_at IS NULL)",
            name="activated",
        ),
        decided_by_another("activated_by_another", by="activated_by"),
        Index("uq_kpi_version_draft", "kpi_id", unique=True, postgresql_where=text("status = 'draft'")),
        Index("uq_kpi_version_active", "kpi_id", unique=True, postgresql_where=text("status = 'active'")),
    )

    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpi.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(Text, default=Status.DRAFT.value)
    title: Mapped[str] = mapped_column(Text)
    formula: Mapped[str] = mapped_column(Text)
    standard: Mapped[str | None] = mapped_column(Text)
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    drafted_at: Mapped[datetime]
    activated_by: Mapped[str | None] = mapped_column(Text)
    activated_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    def state(self, kpi: Kpi, by: str) -> None:
        """Say what it says anew; raises ConflictError for what is no draft any more."""
        self._expect_draft()
        self.title, self.formula, self.standard = kpi.title, kpi.formula, kpi.standard
        self.definition = kpi.definition.model_dump(mode="json")
        self.note_author(by)

    def activate(self, code: str, previous: int | None, by: str, at: datetime) -> KpiDefined:
        """Let figures be made by it from now on."""
        self._expect_draft()
        self.status, self.activated_by, self.activated_at = Status.ACTIVE.value, by, at
        return KpiDefined(
            kpi_id=self.kpi_id,
            code=code,
            number=self.number,
            previous_number=previous,
            title=self.title,
            formula=self.formula,
            standard=self.standard,
            definition=self.definition,
            drafted_by=list(self.authors),
            activated_by=by,
        )

    def kpi(self, code: str) -> Kpi:
        """Return what it says."""
        definition = Definition.model_validate(self.definition)
        return Kpi(code, self.number, self.title, self.formula, self.standard, definition)

    def _expect_draft(self) -> None:
        if self.status != Status.DRAFT:
            why = f"Version {self.number} is {self.status}, and never changes: draft the next one."
            raise ConflictError("wrong_state", why, allowed=[])
