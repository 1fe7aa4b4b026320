"""A budget, its periods with their running balance, and its versions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    Sequence,
    Text,
    column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.budgets.rules.figures import Figures, Period
from procurement.budgets.rules.states import (
    OPEN,
    BudgetAction,
    BudgetStatus,
    VersionStatus,
    next_status,
)
from procurement.budgets.rules.stating import Purpose, Stated, StatedPeriod
from procurement.database import Base
from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor_messaging.outbox import Aggregate

NUMBER = Sequence("budget_number", metadata=Base.metadata)


def budget_number(serial_number: int) -> str:
    """Return a budget's number for people, such as BU-000042."""
    return f"BU-{serial_number:06d}"


class BudgetPeriod(Base):
    """A part of a budget's days, and its balance: at every moment the sum of its entries."""

    __tablename__ = "budget_period"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("last_day >= first_day", name="days"),
        CheckConstraint("reserved >= 0 AND committed >= 0", name="open"),
    )

    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_day: Mapped[date]
    last_day: Mapped[date]
    budgeted: Mapped[Decimal] = mapped_column(server_default=text("0"))
    reserved: Mapped[Decimal] = mapped_column(server_default=text("0"))
    committed: Mapped[Decimal] = mapped_column(server_default=text("0"))
    spent: Mapped[Decimal] = mapped_column(server_default=text("0"))

    def period(self) -> Period:
        """Return it with its figures."""
        figures = Figures(self.budgeted, self.reserved, self.committed, self.spent)
        return Period(self.number, self.first_day, self.last_day, figures)


class BudgetVersion(Authored, Base):
    """What a budget says, or is to say: an amount a period, written by some and approved by another."""

    __tablename__ = "budget_version"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(VersionStatus), name="status"),
        CheckConstraint("number > 0", name="number"),
        decided_by_another("author_does_not_approve"),
        CheckConstraint("(status = 'approved') = (approved_by IS NOT NULL)", name="approved"),
        Index(
            "uq_budget_version_open",
            "budget_id",
            unique=True,
            postgresql_where=text("status IN ('draft', 'submitted')"),
        ),
    )

    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(Text)
    amounts: Mapped[list[Decimal]] = mapped_column(ARRAY(Numeric))
    reason: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    submitted_by: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None]


class Budget(Aggregate, Changing, Base):
    """What may be taken for a cost centre or a project, from a day to a day, in a currency."""

    __tablename__ = "budget"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(BudgetStatus), name="status"),
        CheckConstraint("last_day >= first_day", name="days"),
        CheckConstraint("num_nulls(cost_centre, project) = 1", name="place"),
        CheckConstraint("(status = 'closed') = (closed_on IS NOT NULL)", name="closed"),
        Index("ix_budget_cost_centre_id", "cost_centre", "id"),
        Index("ix_budget_project_id", "project", "id", postgresql_where=text("project IS NOT NULL")),
        Index("ix_budget_category_id", "category", "id", postgresql_where=text("category IS NOT NULL")),
        Index("ix_budget_status_id", "status", "id"),
        Index("ix_budget_days", "first_day", "last_day"),
        Index("ix_budget_changed_in", "changed_in", "id"),
    )

    sequence: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    status: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    cost_centre: Mapped[str | None] = mapped_column(Text, ForeignKey("cost_centre.code"))
    project: Mapped[str | None] = mapped_column(Text, ForeignKey("project.code"))
    category: Mapped[str | None] = mapped_column(Text)
    first_day: Mapped[date]
    last_day: Mapped[date]
    currency: Mapped[str] = mapped_column(Text)
    accumulates: Mapped[bool]
    current_version: Mapped[int] = mapped_column(server_default=text("0"))
    entries: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """How many entries its ledger has; they are numbered from 1, without gaps."""
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    closed_on: Mapped[date | None]
    closed_by: Mapped[str | None] = mapped_column(Text)

    periods: Mapped[list[BudgetPeriod]] = relationship(
        order_by=BudgetPeriod.number, cascade="all, delete-orphan", passive_deletes=True, lazy="selectin"
    )
    versions: Mapped[list[BudgetVersion]] = relationship(
        order_by=BudgetVersion.number, cascade="all, delete-orphan", passive_deletes=True, lazy="selectin"
    )

    @property
    def number(self) -> str:
        """Its number for people."""
        return budget_number(self.serial_number)

    @property
    def purpose(self) -> Purpose:
        """What it is for."""
        return Purpose(self.cost_centre, self.project, self.category)

    @property
    def proposal(self) -> BudgetVersion | None:
        """The version that is neither approved nor withdrawn, if there is one."""
        return next((one for one in self.versions if one.status in OPEN), None)

    @property
    def proposed(self) -> str | None:
        """Where that stands."""
        return None if self.proposal is None else self.proposal.status

    @property
    def amounts(self) -> list[Decimal]:
        """What the version in force says of each period; nothing while there is none."""
        said = next((one.amounts for one in self.versions if one.number == self.current_version), None)
        return said or [Decimal(0)] * len(self.periods)

    def stated(self) -> Stated:
        """Return what its author stated, of the version in force or else of the draft."""
        amounts = self.amounts if self.current_version else self.versions[-1].amounts
        periods = tuple(
            StatedPeriod(one.first_day, one.last_day, amount)
            for one, amount in zip(self.periods, amounts, strict=True)
        )
        return Stated(self.name, self.purpose, self.currency, self.accumulates, periods, "")

    def state(self, stated: Stated, by: str, at: datetime) -> None:
        """Say in its open version, or in a new one, what its author states; who states it is an author.

        Until a version is approved it says what the budget is for, too.
        """
        next_status(BudgetAction.CHANGE, self.status, self.proposed)
        if not self.current_version:
            for name in ("cost_centre", "project", "category"):
                setattr(self, name, getattr(stated.purpose, name))
            for name in ("name", "currency", "accumulates", "first_day", "last_day"):
                setattr(self, name, getattr(stated, name))
            self.periods = [
                BudgetPeriod(
                    number=number,
                    first_day=one.first_day,
                    last_day=one.last_day,
                    **dict.fromkeys(("budgeted", "reserved", "committed", "spent"), Decimal(0)),
                )
                for number, one in enumerate(stated.periods, 1)
            ]
        proposal = self.proposal
        if proposal is None:
            proposal = BudgetVersion(
                number=len(self.versions) + 1, status=VersionStatus.DRAFT, created_by=by, created_at=at
            )
            self.versions.append(proposal)
        proposal.amounts = [one.amount for one in stated.periods]
        proposal.reason = stated.reason
        proposal.note_author(by)

    def move(self, action: BudgetAction, by: str, at: datetime) -> BudgetVersion:
        """Let its open version stand where an action leads; return it."""
        reached = next_status(action, self.status, self.proposed)
        version = self.proposal
        if version is None:
            raise LookupError(f"{action} is of a version, and there is none")
        version.status = reached
        if action == BudgetAction.SUBMIT:
            version.submitted_by, version.submitted_at = by, at
            version.note_author(by)
        elif action == BudgetAction.RETURN:
            version.submitted_by = version.submitted_at = None
        elif action == BudgetAction.APPROVE:
            version.approved_by, version.approved_at = by, at
            self.status, self.current_version = BudgetStatus.APPROVED, version.number
        elif not self.current_version:
            self.status = BudgetStatus.WITHDRAWN
        return version
