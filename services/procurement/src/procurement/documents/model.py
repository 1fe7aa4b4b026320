"""A document that came in: kept as it came, with what became of it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, column
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base
from procurement.documents.rules.inbound import DocumentStatus
from procurement.documents.rules.ubl.names import Kind
from purveyor.changes import Changing
from purveyor.db import new_id


class InboundDocument(Changing, Base):
    """A document of a supplier, sent by the supplier itself (`sender_id`) or by a buyer who was given it.

    What it says is in `content` alone; beside it stands what lists are asked for.
    """

    __tablename__ = "inbound_document"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(DocumentStatus), name="status"),
        CheckConstraint(column("kind", Text).in_(Kind), name="kind"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        CheckConstraint(
            "(status IN ('parked', 'dismissed')) = (reason IS NOT NULL)"
            " AND (reason IS NULL) = (reason_code IS NULL)",
            name="parked",
        ),
        CheckConstraint(
            "(status = 'dismissed') = (dismissed_by IS NOT NULL)"
            " AND num_nulls(dismissed_by, dismissed_at, dismissal_reason) IN (0, 3)",
            name="dismissed",
        ),
        CheckConstraint("(status = 'applied') = (result_id IS NOT NULL)", name="applied"),
        CheckConstraint("(result_id IS NULL) = (result IS NULL)", name="result"),
        Index(
            "uq_inbound_document_sha256_sender_id",
            "sha256",
            "sender_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_inbound_document_status_id", "status", "id"),
        Index("ix_inbound_document_kind_id", "kind", "id"),
        Index("ix_inbound_document_number_id", "number", "id"),
        Index("ix_inbound_document_supplier_id_id", "supplier_id", "id"),
        Index("ix_inbound_document_sender_id_id", "sender_id", "id"),
        Index("ix_inbound_document_order_id_id", "order_id", "id"),
        Index("ix_inbound_document_received_on_id", "received_on", "id"),
        Index("ix_inbound_document_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    size: Mapped[int]
    status: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(Text)
    issued_on: Mapped[date | None]
    seller: Mapped[str | None] = mapped_column(Text)
    buyer: Mapped[str | None] = mapped_column(Text)
    supplier_id: Mapped[UUID | None] = mapped_column(ForeignKey("supplier.id"))
    sender_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("purchase_order.id"))
    reason_code: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(Text)
    result_id: Mapped[UUID | None]
    received_on: Mapped[date]
    received_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(Text)
    dismissed_by: Mapped[str | None] = mapped_column(Text)
    dismissed_at: Mapped[datetime | None]
    dismissal_reason: Mapped[str | None] = mapped_column(Text)
    dismissal_reason_for_supplier: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy reads it as it is

    def park(self, code: str, reason: str) -> None:
        """Set it aside with the reason, until somebody decides."""
        self.status, self.reason_code, self.reason = DocumentStatus.PARKED, code, reason

    def apply(self, result: str | None, result_id: UUID | None) -> None:
        """Note what came of it; nothing of what only says that something was received."""
        self.status = DocumentStatus.READ if result_id is None else DocumentStatus.APPLIED
        self.result, self.result_id, self.reason_code, self.reason = result, result_id, None, None

    def dismiss(self, by: str, at: datetime, reason: str, told: str | None) -> None:
        """Let nothing come of it any more."""
        self.status = DocumentStatus.DISMISSED
        self.dismissed_by, self.dismissed_at = by, at
        self.dismissal_reason, self.dismissal_reason_for_supplier = reason, told
