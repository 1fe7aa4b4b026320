"""A requisition: what somebody needs, who wrote it, and who decided of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Sequence, Text, column, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base
from procurement.requisitions.model.lines import RequisitionLine
from procurement.requisitions.rules.lines import LineAction, LineStatus
from procurement.requisitions.rules.stated import Request
from procurement.requisitions.rules.states import (
    INITIAL,
    Action,
    Status,
    check_decider,
    next_status,
    status_by_lines,
)
from purveyor.authored import Authored
from purveyor.changes import Changing
from purveyor.duties import with_author
from purveyor.errors import NotFoundError
from purveyor_messaging.outbox import Aggregate

NUMBER = Sequence("requisition_number", metadata=Base.metadata)
BY_ITSELF = tuple(name for name in Request.__slots__ if name != "lines")


class Requisition(Aggregate, Authored, Changing, Base):
    """What is needed, for a business unit, until it was ordered and came."""

    __tablename__ = "requisition"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(Status), name="status"),
        CheckConstraint("total >= 0", name="total"),
        CheckConstraint("NOT (authors && deciders)", name="authors_do_not_decide"),
        CheckConstraint(
            "awaits_approval IS NULL OR status IN ('submitted', 'in_approval')", name="awaits_approval"
        ),
        CheckConstraint("(submitted_by IS NULL) = (submitted_at IS NULL)", name="submitted"),
        CheckConstraint("(withdrawn_by IS NULL) = (status <> 'withdrawn')", name="withdrawn"),
        Index("ix_requisition_status_id", "status", "id"),
        Index("ix_requisition_business_unit_id", "business_unit", "id"),
        Index("ix_requisition_created_by_id", "created_by", "id"),
        Index("ix_requisition_changed_in", "changed_in", "id"),
    )

    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    status: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    business_unit: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    total: Mapped[Decimal]
    justification: Mapped[str | None] = mapped_column(Text)
    requested_for: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    copied_from: Mapped[UUID | None] = mapped_column(ForeignKey("requisition.id"))
    template: Mapped[str | None] = mapped_column(Text)
    sourcing_route: Mapped[str | None] = mapped_column(Text)
    """Why a supplier is to be found first, as the intake said; null where it did not."""
    submitted_by: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None]
    deciders: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """Who approved or rejected any line of what is submitted."""
    awaits_approval: Mapped[UUID | None]
    """The approval whose steps decide of it; null where one person does, who wrote none of it."""
    return_reason: Mapped[str | None] = mapped_column(Text)
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]

    lines: Mapped[list[RequisitionLine]] = relationship(
        order_by=RequisitionLine.line_number,
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="selectin",
    )

    @property
    def number(self) -> str:
        """Its number for people, such as PR-000042."""
        return f"PR-{self.serial_number:06d}"

    def state(self, request: Request, by: str) -> None:
        """Say what its author states; who states it is an author of it."""
        for name in BY_ITSELF:
            setattr(self, name, getattr(request, name))
        self.lines = [RequisitionLine.of(line, request.currency) for line in request.lines]
        self.total = sum((line.amount for line in self.lines), Decimal(0))
        self.note_author(by)

    def stated(self) -> Request:
        """Return what its author stated."""
        return Request(
            lines=tuple(line.stated() for line in self.lines),
            **{name: getattr(self, name) for name in BY_ITSELF},
        )

    def line(self, number: int) -> RequisitionLine:
        """Return a line by its number; raises NotFoundError."""
        for line in self.lines:
            if line.line_number == number:
                return line
        raise NotFoundError("requisition line", number)

    def submit(self, by: str, at: datetime) -> None:
        """Hand it in: it is of its lines that is decided now."""
        self.status = next_status(Action.SUBMIT, self.status)
        self.submitted_by, self.submitted_at, self.return_reason = by, at, None
        self.note_author(by)

    def withdraw(self, by: str, at: datetime) -> None:
        """Want none of it any more, before it is decided."""
        self.status = next_status(Action.WITHDRAW, self.status)
        self.withdrawn_by, self.withdrawn_at = by, at
        self.awaits_approval = None

    def take_back(self, reason: str) -> None:
        """Give it back to its author; what was decided of it is decided anew, and it keeps its authors."""
        self.status = next_status(Action.RETURN, self.status)
        self.submitted_by = self.submitted_at = None
        self.deciders, self.return_reason = [], reason
        self.awaits_approval = None
        for line in self.lines:
            line.undecide()

    def decide(
        self, action: LineAction, numbers: Collection[int], by: str, at: datetime, reason: str | None
    ) -> None:
        """Approve or reject lines; nobody does who wrote any of it."""
        next_status(Action(action.value), self.status)
        check_decider(by, self.authors)
        for number in sorted(numbers):
            self.line(number).decide(action, by, at, reason)
        self.deciders = with_author(self.deciders, by)
        self.note_lines()

    def undecided(self) -> list[int]:
        """Return the numbers of the lines of which nobody has decided."""
        return [line.line_number for line in self.lines if line.status == LineStatus.PENDING]

    def close_line(self, number: int, action: LineAction, by: str, on: date, reason: str) -> None:
        """Cancel a line, or close it short of what is ordered of it."""
        next_status(Action.CLOSE_LINE, self.status)
        self.line(number).close(action, by, on, reason)
        self.note_lines()

    def end_sourcing(self, number: int, supplier_id: UUID) -> None:
        """Let a line be ordered of a supplier that was found."""
        next_status(Action.END_SOURCING, self.status)
        self.line(number).end_sourcing(supplier_id)
        self.note_lines()

    def go_through(self, approval_id: UUID) -> None:
        """Let it be decided by the steps of an approval."""
        self.awaits_approval = approval_id
        self.note_lines()

    def note_lines(self) -> None:
        """Let it stand where its lines do; what goes through steps is in approval."""
        self.status = status_by_lines(self.lines, in_steps=self.awaits_approval is not None)

    @classmethod
    def draft(cls, request: Request, by: str, at: datetime, **origin: object) -> Requisition:
        """Return a draft of somebody's."""
        made = cls(status=INITIAL, created_by=by, created_at=at, deciders=[], **origin)
        made.state(request, by)
        return made
