"""Types of documents, and the documents of suppliers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.db import new_id
from sourcing.database import Base
from sourcing.documents.rules import DocumentAction, DocumentStatus, Held, expect_possible


class DocumentType(Base):
    """A type of document, and the categories that require one."""

    __tablename__ = "document_type"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    ends: Mapped[bool]
    """Whether every document of it has a last day."""
    required_in: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy


class SupplierDocument(Authored, Changing, Base):
    """A document of a supplier: what it says, who submitted it, and what was decided."""

    __tablename__ = "supplier_document"
    __table_args__ = (
        CheckConstraint(
            "status IN ('submitted', 'accepted', 'refused', 'replaced', 'withdrawn')", name="status"
        ),
        CheckConstraint("valid_to >= valid_from", name="period"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_wholly"),
        CheckConstraint("status IN ('submitted', 'withdrawn') OR decided_by IS NOT NULL", name="decided"),
        decided_by_another("decided_by_another", by="decided_by"),
        Index("ix_supplier_document_supplier_id", "supplier_id", "id"),
        Index("ix_supplier_document_type", "type", "id"),
        Index("ix_supplier_document_status", "status", "id"),
        Index("ix_supplier_document_changed_in", "changed_in", "id"),
        Index("ix_supplier_document_valid_to", text("coalesce(valid_to, '2100-12-31'::date)"), "id"),
        Index("ix_supplier_document_ends", "valid_to", postgresql_where=text("status = 'accepted'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    type: Mapped[str] = mapped_column(ForeignKey("document_type.code"))
    number: Mapped[str | None] = mapped_column(Text)
    issuer: Mapped[str | None] = mapped_column(Text)
    scope: Mapped[str | None] = mapped_column(Text)
    site: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    status: Mapped[str] = mapped_column(Text)
    submitted_by: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime]
    by_supplier: Mapped[bool]
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    told_days_before: Mapped[int | None]
    """At which stage before its end it was told of last."""
    told_ended_on: Mapped[date | None]
    """For which day it was told that it had ended."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    def move(self, action: DocumentAction, to: DocumentStatus) -> None:
        """Change its status; raises ConflictError where that is not possible."""
        expect_possible(action, DocumentStatus(self.status))
        self.status = to

    def decide(self, by: str, at: datetime, reason: str | None, told: str | None) -> None:
        """Note who accepted or refused it."""
        self.decided_by, self.decided_at = by, at
        self.reason, self.reason_for_supplier = reason, told

    def held(self) -> Held:
        """Return it as far as it matters whether it holds."""
        return Held(self.id, self.type, self.site, self.valid_from, self.valid_to)
