"""The reviews that low scores opened."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.changes import Changing
from purveyor.db import new_id
from purveyor.errors import ConflictError
from purveyor_contract.events.sourcing.suppliers import SupplierReviewDecided, SupplierReviewOpened
from sourcing.database import Base
from sourcing.reviews.rules import Decision
from sourcing.scores.model import SupplierScore


class SupplierReview(Changing, Base):
    """A question that a low score asked, and a category manager's answer."""

    __tablename__ = "supplier_review"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(decision, reason, decided_by, decided_at, decided_sequence) IN (0, 5)",
            name="decided_wholly",
        ),
        Index(
            "uq_supplier_review_open", "supplier_id", unique=True, postgresql_where=text("decision IS NULL")
        ),
        Index("ix_supplier_review_supplier_id", "supplier_id", "id"),
        Index("ix_supplier_review_opened_at", "opened_at", "id"),
        Index("ix_supplier_review_grade", "grade", "id"),
        Index("ix_supplier_review_decision", "decision", "id"),
        Index("ix_supplier_review_changed_in", "changed_in", "id"),
        Index("ix_supplier_review_open", "id", postgresql_where=text("decision IS NULL")),
        Index("ix_supplier_review_decided", "id", postgresql_where=text("decision IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    score: Mapped[Decimal] = mapped_column(Numeric(4, 1))
    grade: Mapped[str] = mapped_column(String(1))
    threshold: Mapped[Decimal] = mapped_column(Numeric(4, 1))
    threshold_version: Mapped[int | None]
    score_sequence: Mapped[int] = mapped_column(BigInteger)
    opened_at: Mapped[datetime]
    decision: Mapped[Decision | None] = mapped_column(
        Enum(
            Decision,
            name="decision",
            native_enum=False,
            create_constraint=True,
            length=16,
            values_callable=lambda decisions: [decision.value for decision in decisions],
        )
    )
    reason: Mapped[str | None] = mapped_column(Text)
    reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decided_grade: Mapped[str | None] = mapped_column(String(1))

    decided_sequence: Mapped[int | None] = mapped_column(BigInteger)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decision is None

    def opened(self) -> SupplierReviewOpened:
        """Return the event that asks for a decision."""
        return SupplierReviewOpened(
            supplier_id=self.supplier_id,
            review_id=self.id,
            score=self.score,
            grade=self.grade,
            threshold=self.threshold,
            threshold_version=self.threshold_version,
        )

    def decide(
        self,
        decision: Decision,
        reason: str,
        told: str | None,
        by: str,
        at: datetime,
        latest: SupplierScore | None,
    ) -> SupplierReviewDecided:
        """Answer it in view of the latest score; raises ConflictError when it was answered before.

        One that came over from a merged supplier may be answered before the supplier has a score of its own.
        """
        if not self.is_open:
            raise ConflictError(
                "wrong_state",
                f"{self.decided_by} has decided this review already: {self.decision}.",
                allowed=[],
            )
        self.decision, self.reason, self.decided_by, self.decided_at = decision, reason, by, at
        self.reason_for_supplier = told
        seen = (self.grade, 0) if latest is None else (latest.grade, latest.sequence)
        self.decided_grade, self.decided_sequence = seen
        return SupplierReviewDecided(
            supplier_id=self.supplier_id,
            review_id=self.id,
            decision=decision.value,
            reason=reason,
            reason_for_supplier=told,
            decided_by=by,
        )
