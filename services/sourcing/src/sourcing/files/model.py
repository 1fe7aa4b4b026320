"""The record of a file; its bytes are elsewhere, and may be gone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from sourcing.database import Base
from sourcing.files.rules import FileAction, FileStatus, expect_possible


class StoredFile(Base):
    """A file that somebody sent: what it is, whose it is, and whether its bytes are here."""

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("status IN ('arriving', 'kept', 'deleted')", name="status"),
        CheckConstraint("(status = 'deleted') = (deleted_at IS NOT NULL)", name="deleted"),
        CheckConstraint(
            "num_nonnulls(deleted_at, deleted_by, delete_reason) IN (0, 3)", name="deleted_wholly"
        ),
        CheckConstraint("bytes_removed_at IS NULL OR status = 'deleted'", name="bytes_removed"),
        CheckConstraint("size > 0 AND length(sha256) = 32", name="content"),
        Index(
            "ix_stored_file_waiting",
            "uploaded_at",
            postgresql_where=text("claimed_at IS NULL AND status <> 'deleted'"),
        ),
        Index(
            "ix_stored_file_to_remove",
            "deleted_at",
            postgresql_where=text("status = 'deleted' AND bytes_removed_at IS NULL"),
        ),
        Index("ix_stored_file_supplier_id", "supplier_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[FileStatus] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    supplier_id: Mapped[UUID | None] = mapped_column(ForeignKey("supplier.id"))
    """Whose it is, of what is shown to suppliers: who uploaded it, or whose thing has taken it."""
    uploaded_by: Mapped[str] = mapped_column(Text)
    uploaded_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    """Since when something has it; before, it is deleted when it has waited for long."""
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None] = mapped_column(Text)
    delete_reason: Mapped[str | None] = mapped_column(Text)
    bytes_removed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    def delete(self, by: str, at: datetime, reason: str) -> None:
        """Let go of its bytes; the record stays. Raises ConflictError when it is not here."""
        expect_possible(FileAction.DELETE, FileStatus(self.status))
        self.status = FileStatus.DELETED
        self.deleted_by, self.deleted_at, self.delete_reason = by, at, reason
