"""Approvals as rows: of which document, in which steps, who decided what, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeGuard
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, column, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from purveyor.authored import Authored
from purveyor.changes import Changing
from purveyor.db import new_id
from purveyor_approvals.database import Base
from purveyor_messaging.outbox import Aggregate


class Status(StrEnum):
    """Where an approval stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class StepStatus(StrEnum):
    """Where a step stands; what was not decided when the approval ended is skipped."""

    WAITING = "waiting"
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    SKIPPED = "skipped"


class Act(StrEnum):
    """What somebody did about an approval."""

    APPROVE = "approve"
    REJECT = "reject"
    ASK = "ask"
    ANSWER = "answer"
    OVERRIDE = "override"
    WITHDRAW = "withdraw"
    CARRY = "carry"
    REMIND = "remind"
    ESCALATE = "escalate"


AGREEING = (Act.APPROVE, Act.OVERRIDE, Act.CARRY)
"""By what a document is approved: nobody does so to what they wrote."""


class ApprovalStep(Base):
    """A step, with those who may take it."""

    __tablename__ = "approval_step"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(StepStatus), name="status"),
        CheckConstraint("number > 0 AND stage > 0 AND needs > 0", name="numbers"),
        CheckConstraint("(role IS NULL) <> (cardinality(people) = 0)", name="somebody"),
        Index(
            "ix_approval_step_people",
            "people",
            postgresql_using="gin",
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_approval_step_role", "role", postgresql_where=text("status = 'open'")),
        Index("ix_approval_step_remind_at", "remind_at", postgresql_where=text("remind_at IS NOT NULL")),
        Index(
            "ix_approval_step_escalate_at", "escalate_at", postgresql_where=text("escalate_at IS NOT NULL")
        ),
    )

    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stage: Mapped[int]
    who: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    needs: Mapped[int]
    people: Mapped[list[str]] = mapped_column(ARRAY(Text))
    role: Mapped[str | None] = mapped_column(Text)
    limited: Mapped[bool]
    because: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    escalate_at: Mapped[datetime | None]

    def end(self, status: StepStatus, at: datetime) -> None:
        """Let nothing more be decided of it."""
        self.status, self.decided_at = status, at
        self.remind_at = self.escalate_at = None


class ApprovalAct(Base):
    """What somebody did about an approval; nothing of it ever changes.

    `seat` is in whose place: a person's code, or a subject where a role decides. In a step each seat agrees
    once, and so does each person, in however many places.
    """

    __tablename__ = "approval_act"
    __table_args__ = (
        CheckConstraint(column("act", Text).in_(Act), name="act"),
        CheckConstraint(
            "act NOT IN ('approve', 'override', 'carry') OR done_by <> ALL (authors)",
            name="author_does_not_approve",
        ),
        CheckConstraint(
            "act NOT IN ('reject', 'ask', 'answer', 'override') OR reason IS NOT NULL", name="reason"
        ),
        Index("ix_approval_act_approval_id_id", "approval_id", "id"),
        Index(
            "uq_approval_act_seat",
            "approval_id",
            "step",
            "seat",
            unique=True,
            postgresql_where=text("act = 'approve'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"))
    act: Mapped[str] = mapped_column(Text)
    step: Mapped[int | None]
    done_by: Mapped[str] = mapped_column(Text)
    seat: Mapped[str | None] = mapped_column(Text)
    on_behalf_of: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime]
    authors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Who had written the document by then."""


class Approval(Aggregate, Authored, Changing, Base):
    """A document that somebody has to approve, as it was handed in."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(Status), name="status"),
        CheckConstraint("(status = 'pending') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("cardinality(authors) > 0", name="authors"),
        CheckConstraint("judged_amount >= own_amount", name="judged_amount"),
        Index(
            "uq_approval_pending",
            "kind",
            "document_id",
            unique=True,
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_approval_document_id_id", "document_id", "id"),
        Index("ix_approval_thread_id_id", "thread_id", "id"),
        Index("ix_approval_status_id", "status", "id"),
        Index("ix_approval_kind_id", "kind", "id"),
        Index("ix_approval_supplier_id_submitted_at", "supplier_id", "submitted_at"),
        Index("ix_approval_changed_in", "changed_in", "id"),
        Index("ix_approval_overridden", "id", postgresql_where=text("overridden")),
        Index("ix_approval_split", "id", postgresql_where=text("split IS NOT NULL")),
    )

    sequence: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    kind: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID]
    document_number: Mapped[str] = mapped_column(Text)
    thread_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(Text)
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(Text)
    own_amount: Mapped[Decimal]
    """What the document comes to, in the policy's currency."""
    judged_amount: Mapped[Decimal]
    """What it is judged by, in the policy's currency: with all that it was found to be one purchase with."""
    policy_currency: Mapped[str] = mapped_column(Text)
    policy_version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[UUID | None]
    site: Mapped[str | None] = mapped_column(Text)
    cost_centres: Mapped[list[str]] = mapped_column(ARRAY(Text))
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    submitted_by: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    overridden: Mapped[bool] = mapped_column(server_default=text("false"))
    split: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    follows: Mapped[UUID | None] = mapped_column(ForeignKey("approval.id"))
    """The approval that it goes on with, without a decision of its own."""

    steps: Mapped[list[ApprovalStep]] = relationship(
        order_by=ApprovalStep.number, lazy="selectin", cascade="save-update"
    )
    acts: Mapped[list[ApprovalAct]] = relationship(
        order_by=ApprovalAct.id, lazy="selectin", cascade="save-update"
    )

    def step(self, number: int) -> ApprovalStep:
        """Return a step by its number; raises KeyError where there is none."""
        return {step.number: step for step in self.steps}[number]

    @property
    def open_steps(self) -> list[ApprovalStep]:
        """The steps that may be taken now."""
        return [step for step in self.steps if step.status == StepStatus.OPEN]

    def waits_for_answer(self, number: int) -> bool:
        """Whether a step waits for an answer to what was asked about it."""
        asked = [act.act for act in self.acts if act.step == number and act.act in {Act.ASK, Act.ANSWER}]
        return bool(asked) and asked[-1] == Act.ASK

    def agreed(self, number: int) -> set[str]:
        """Return the seats that have agreed to a step."""
        return {act.seat or "" for act in self.acts if act.step == number and act.act == Act.APPROVE}

    def has_agreed(self, subject: str, number: int) -> bool:
        """Whether somebody has agreed to a step, in whosever place: one counts once."""
        return any(
            act.done_by == subject and act.step == number and act.act == Act.APPROVE for act in self.acts
        )

    def touch(self) -> None:
        """Let it be another version, although only its acts or steps say so."""
        flag_modified(self, "status")

    def end(self, status: Status, at: datetime) -> None:
        """Let nothing more be decided of it."""
        self.status, self.decided_at = status, at
        for step in self.steps:
            if step.status in {StepStatus.OPEN, StepStatus.WAITING}:
                step.end(StepStatus.SKIPPED, at)


def is_pending(approval: Approval | None) -> TypeGuard[Approval]:
    """Whether somebody is still to decide."""
    return approval is not None and approval.status == Status.PENDING


class Delegation(Changing, Base):
    """Somebody decides for another from a day to a day."""

    __tablename__ = "approval_delegation"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="period"),
        CheckConstraint("person <> delegate", name="to_another"),
        Index("ix_approval_delegation_changed_in", "changed_in", "id"),
        Index("ix_approval_delegation_person_id", "person", "id"),
        Index("ix_approval_delegation_delegate_id", "delegate", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[str] = mapped_column(Text)
    delegate: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy reads it as it is
