"""Findings with their measures, and complaints, whose reporters are protected."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from purveyor.changes import Changing
from purveyor.db import new_id
from sourcing.database import Base
from sourcing.due_diligence.rules import ComplaintMove, ComplaintStatus, Severity, Subject, moved


class Measure(Base):
    """What somebody does about a finding, until when, and whether it is done."""

    __tablename__ = "due_diligence_measure"
    __table_args__ = (
        CheckConstraint("num_nonnulls(done_on, done_by, result) IN (0, 3)", name="done_wholly"),
        Index("ix_due_diligence_measure_due_on", "due_on"),
    )

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("due_diligence_finding.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by: Mapped[str | None] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(Text)


class Finding(Changing, Base):
    """What was found at a supplier: a risk or a violation."""

    __tablename__ = "due_diligence_finding"
    __table_args__ = (
        CheckConstraint(column("subject", Text).in_(Subject), name="subject"),
        CheckConstraint(column("severity", Text).in_(Severity), name="severity"),
        Index("ix_due_diligence_finding_supplier_id", "supplier_id", "id"),
        Index("ix_due_diligence_finding_subject", "subject", "id"),
        Index("ix_due_diligence_finding_severity", "severity", "id"),
        Index("ix_due_diligence_finding_found_on", "found_on", "id"),
        Index("ix_due_diligence_finding_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    subject: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    found_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    last_measure: Mapped[int] = mapped_column(default=0)
    measures_done: Mapped[int] = mapped_column(default=0)

    measures: Mapped[list[Measure]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=Measure.number
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy


class Complaint(Changing, Base):
    """What somebody told us of a supplier; who that was may be unknown, or erased since."""

    __tablename__ = "due_diligence_complaint"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(ComplaintStatus), name="status"),
        CheckConstraint(column("subject", Text).in_(Subject), name="subject"),
        CheckConstraint(
            "reporter IS NULL OR (NOT anonymous AND reporter_erased_at IS NULL)", name="reporter"
        ),
        Index("ix_due_diligence_complaint_supplier_id", "supplier_id", "id"),
        Index("ix_due_diligence_complaint_status", "status", "id"),
        Index("ix_due_diligence_complaint_received_on", "received_on", "id"),
        Index("ix_due_diligence_complaint_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    supplier_id: Mapped[UUID | None] = mapped_column(ForeignKey("supplier.id"))
    subject: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    status: Mapped[str] = mapped_column(Text)
    anonymous: Mapped[bool]
    reporter: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reporter_erased_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    def move(self, move: ComplaintMove, outcome: str) -> None:
        """Do to it what its status allows; raises ConflictError otherwise."""
        self.status = moved(ComplaintStatus(self.status), move).value
        self.outcome = outcome
