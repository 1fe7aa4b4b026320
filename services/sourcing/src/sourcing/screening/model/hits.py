"""A supplier that may be a party of a list, until somebody decides whether it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric, Text, column, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import decided_by_another
from purveyor.changes import Changing
from purveyor.db import new_id
from purveyor.errors import ConflictError
from sourcing.database import Base
from sourcing.screening.rules.deciding import MOVES, HitStatus, Verdict


class ScreeningHit(Changing, Base):
    """A supplier that may be a party of a list; it repeats whose the supplier is, who do not decide it."""

    __tablename__ = "screening_hit"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(HitStatus), name="status"),
        CheckConstraint("num_nonnulls(reason, decided_by, decided_at) IN (0, 3)", name="decided_wholly"),
        CheckConstraint("(status = 'raised') = (decided_by IS NULL)", name="decided"),
        decided_by_another("author_does_not_decide", by="decided_by", kept_apart="supplier_authors"),
        Index(
            "uq_screening_hit_standing",
            "supplier_id",
            "list",
            "reference",
            unique=True,
            postgresql_where=text("status <> 'cleared'"),
        ),
        Index("ix_screening_hit_supplier_id", "supplier_id", "id"),
        Index("ix_screening_hit_status", "status", "id"),
        Index("ix_screening_hit_list", "list", "id"),
        Index("ix_screening_hit_score", "score", "id"),
        Index("ix_screening_hit_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    supplier_authors: Mapped[Sequence[str]] = mapped_column(ARRAY(Text))
    supplier_digest: Mapped[bytes] = mapped_column(LargeBinary)
    list: Mapped[str] = mapped_column(ForeignKey("screening_list.code"))
    list_version: Mapped[int]
    reference: Mapped[str] = mapped_column(Text)
    entry_digest: Mapped[bytes] = mapped_column(LargeBinary)
    policy_version: Mapped[int]
    score: Mapped[Decimal] = mapped_column(Numeric(4, 1))
    evidence: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    @property
    def allowed_actions(self) -> tuple[Verdict, ...]:
        """What may be decided of it now."""
        return tuple(verdict for at, verdict in MOVES if at == self.status)

    def decide(self, verdict: Verdict, reason: str, by: str, at: datetime) -> None:
        """Decide it; raises ConflictError for what was decided so before."""
        to = MOVES.get((HitStatus(self.status), verdict))
        if to is None:
            detail = f"The hit is {self.status}: {self.decided_by} decided so."
            raise ConflictError("wrong_state", detail, allowed=[one.value for one in self.allowed_actions])
        self.status, self.reason, self.decided_by, self.decided_at = to.value, reason, by, at
