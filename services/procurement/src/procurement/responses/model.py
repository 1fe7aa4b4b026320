"""What suppliers answered, and what was decided of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base
from procurement.responses.rules import Change, Changed, Decision, Reply
from purveyor.db import new_id


class ResponseChange(Base):
    """One thing that a supplier would have otherwise, and what was decided of it."""

    __tablename__ = "purchase_order_response_change"
    __table_args__ = (
        CheckConstraint(column("field", Text).in_(Changed), name="field"),
        CheckConstraint(column("decision", Text).in_(Decision), name="decision"),
        CheckConstraint(
            "decision IS NULL OR decision NOT IN ('taken', 'proposed') OR recorded_by IS NULL"
            " OR decided_by <> recorded_by",
            name="recorder_does_not_take",
        ),
        CheckConstraint(
            "num_nulls(decision, decided_by, decided_at) = 3"
            " OR num_nulls(decision, decided_by, decided_at) = 0",
            name="decided",
        ),
    )

    response_id: Mapped[UUID] = mapped_column(
        ForeignKey("purchase_order_response.id", name="fk_purchase_order_response_change_response_id"),
        primary_key=True,
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_number: Mapped[int]
    schedule_number: Mapped[int | None]
    field: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[str | None] = mapped_column(Text)
    decision: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None] = mapped_column(Text)
    decision_reason_for_supplier: Mapped[str | None] = mapped_column(Text)

    @classmethod
    def of(cls, change: Change, recorded_by: str | None) -> ResponseChange:
        """Return a change that nobody has decided; None recorded it, where the supplier said so itself."""
        stated = {name: getattr(change, name) for name in Change.__slots__}
        return cls(recorded_by=recorded_by, **stated)

    def change(self) -> Change:
        """Return what the supplier would have."""
        stated = {name: getattr(self, name) for name in Change.__slots__}
        return Change(**stated | {"field": Changed(self.field)})

    def decide(
        self, decision: Decision, by: str, at: datetime, reason: str | None = None, told: str | None = None
    ) -> None:
        """Note what becomes of it."""
        self.decision, self.decided_by, self.decided_at = decision, by, at
        self.decision_reason, self.decision_reason_for_supplier = reason, told


class Response(Base):
    """What a supplier answered to a version; when it answers anew, that stands beside it."""

    __tablename__ = "purchase_order_response"
    __table_args__ = (
        UniqueConstraint("order_id", "version", "nth", name="uq_purchase_order_response_order_id"),
        CheckConstraint("version > 0 AND nth > 0", name="number"),
        CheckConstraint(column("reply", Text).in_(Reply), name="reply"),
        CheckConstraint("reply <> 'rejected' OR reason IS NOT NULL", name="rejected"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("purchase_order.id"))
    version: Mapped[int]
    nth: Mapped[int]
    reply: Mapped[str] = mapped_column(Text)
    supplier_reference: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    by_supplier: Mapped[bool]
    answered_by: Mapped[str] = mapped_column(Text)
    answered_on: Mapped[date]
    answered_at: Mapped[datetime]
    amendment_id: Mapped[UUID | None]

    changes: Mapped[list[ResponseChange]] = relationship(
        order_by=ResponseChange.number, cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def undecided(self) -> Sequence[ResponseChange]:
        """What nobody has decided."""
        return [change for change in self.changes if change.decision is None]

    @property
    def authors(self) -> Sequence[str]:
        """Who of ours wrote what it says: nobody, where the supplier said so itself."""
        return () if self.by_supplier else (self.answered_by,)

    @property
    def is_agreed(self) -> bool:
        """Whether the version stands as the supplier would have it: accepted, or with other days only."""
        if self.reply == Reply.ACCEPTED_WITH_CHANGES:
            return all(
                one.decision == Decision.TAKEN and one.field == Changed.PROMISED_ON for one in self.changes
            )
        return self.reply == Reply.ACCEPTED


class OverdueResponse(Base):
    """That a version was not answered in time: found once."""

    __tablename__ = "purchase_order_overdue_response"
    __table_args__ = (
        ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name="fk_purchase_order_overdue_response_order_id"
        ),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answer_by: Mapped[date]
    found_on: Mapped[date]
