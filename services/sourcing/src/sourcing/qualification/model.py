"""A case of qualification: a supplier's answers, who evaluates them, what was decided and on what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, Text, column, text
from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from purveyor.authored import decided_by_another
from purveyor.changes import Changing
from purveyor.db import new_id
from sourcing.database import Base
from sourcing.qualification.rules.answers import Answer
from sourcing.qualification.rules.arithmetic import Marks, Reckoning
from sourcing.qualification.rules.evaluating import Part
from sourcing.qualification.rules.lasting import is_overdue
from sourcing.qualification.rules.states import CaseStatus, Decision, Move, moved

NUMBER = DatabaseSequence("qualification_case_number", metadata=Base.metadata)
OPEN = "status IN ('invited', 'in_progress', 'submitted', 'under_evaluation')"
HOLDING = "status IN ('qualified', 'conditionally_qualified')"


def case_number(serial_number: int) -> str:
    """Return a case's number for people, such as QC-000042."""
    return f"QC-{serial_number:06d}"


class Evaluator(Base):
    """Somebody who was named to mark a case, and the marks; they write nothing of its supplier."""

    __tablename__ = "qualification_evaluator"
    __table_args__ = (
        decided_by_another("evaluator_is_no_author", by="person", kept_apart="supplier_authors"),
        CheckConstraint("marked_at IS NULL OR (declared_at IS NOT NULL AND conflict IS NULL)", name="marked"),
        CheckConstraint("(marked_at IS NULL) = (marks IS NULL)", name="marks"),
        CheckConstraint("conflict IS NULL OR declared_at IS NOT NULL", name="conflict"),
        Index("ix_qualification_evaluator_person", "person", "case_id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("qualification_case.id"), primary_key=True)
    person: Mapped[str] = mapped_column(Text, primary_key=True)
    supplier_authors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    named_by: Mapped[str] = mapped_column(Text)
    named_at: Mapped[datetime]
    declared_at: Mapped[datetime | None]
    conflict: Mapped[str | None] = mapped_column(Text)
    marked_at: Mapped[datetime | None]
    marks: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    earlier_marks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    """What they had given before the supplier was asked to answer again."""

    def begin_again(self) -> None:
        """Keep what was marked as an earlier round, for other answers."""
        if self.marks is not None and self.marked_at is not None:
            earlier = {"marked_at": self.marked_at.isoformat(), "marks": self.marks}
            self.earlier_marks = [*self.earlier_marks, earlier]
        self.marks = self.marked_at = None

    def part(self) -> Part:
        """Return their part in the evaluation."""
        return Part(
            self.person,
            declared=self.declared_at is not None,
            has_conflict=self.conflict is not None,
            has_marked=self.marked_at is not None,
        )


class Condition(Base):
    """What a supplier that qualified conditionally has yet to do, who sees to it, and by when."""

    __tablename__ = "qualification_condition"
    __table_args__ = (
        decided_by_another("author_does_not_meet", by="met_by", kept_apart="supplier_authors"),
        CheckConstraint("num_nulls(met_on, met_by) IN (0, 2)", name="met"),
        Index("ix_qualification_condition_due", "due_on", postgresql_where=text("met_on IS NULL")),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("qualification_case.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wanted: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    met_on: Mapped[date | None]
    met_by: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    overdue_told_on: Mapped[date | None]
    supplier_authors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))

    def is_overdue(self, day: date) -> bool:
        """Whether it was to be met by a day that is over."""
        return is_overdue(self.due_on, self.met_on, day)


class QualificationCase(Changing, Base):
    """Whether a supplier may deliver a category to a region from a site, by one edition of questions."""

    __tablename__ = "qualification_case"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(CaseStatus), name="status"),
        CheckConstraint(
            "num_nulls(decision, decided_by, decided_at, reason) IN (0, 4)", name="decided_wholly"
        ),
        CheckConstraint(f"NOT {HOLDING} OR (decision IS NOT NULL AND valid_until IS NOT NULL)", name="holds"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by IS NULL)", name="submitted"),
        CheckConstraint("(decision = 'rejected') IS NOT TRUE OR valid_until IS NULL", name="valid_until"),
        decided_by_another("author_does_not_decide", by="decided_by", kept_apart="supplier_authors"),
        Index(
            "uq_qualification_case_open",
            "supplier_id",
            "category",
            text("coalesce(region, '')"),
            text("coalesce(site, '')"),
            "questionnaire_code",
            unique=True,
            postgresql_where=text(OPEN),
        ),
        Index("ix_qualification_case_supplier_id_id", "supplier_id", "id"),
        Index("ix_qualification_case_status_id", "status", "id"),
        Index("ix_qualification_case_category_id", "category", "id"),
        Index("ix_qualification_case_region_id", "region", "id"),
        Index("ix_qualification_case_questionnaire_id_id", "questionnaire_id", "id"),
        Index("ix_qualification_case_due_on_id", "due_on", "id"),
        Index("ix_qualification_case_valid_until_id", "valid_until", "id"),
        Index("ix_qualification_case_changed_in", "changed_in", "id"),
        Index("ix_qualification_case_renews", "renews"),
        Index(
            "ix_qualification_case_lasting",
            "valid_until",
            "id",
            postgresql_where=text(HOLDING),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    status: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    category: Mapped[str] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    site: Mapped[str | None] = mapped_column(Text)
    questionnaire_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire.id"))
    questionnaire_code: Mapped[str] = mapped_column(Text)
    renews: Mapped[UUID | None] = mapped_column(ForeignKey("qualification_case.id"))
    invited_by: Mapped[str] = mapped_column(Text)
    invited_at: Mapped[datetime]
    due_on: Mapped[date]
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    submitted_by: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None]
    evaluated_at: Mapped[datetime | None]
    reckoning: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    result: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    decision: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    policy_version: Mapped[int | None]
    supplier_authors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """Who did not decide it: the supplier's authors, and who declared a conflict of interest."""
    reason: Mapped[str | None] = mapped_column(Text)
    reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    valid_until: Mapped[date | None]
    reminded_days: Mapped[int | None]

    evaluators: Mapped[list[Evaluator]] = relationship(lazy="selectin", order_by=Evaluator.person)
    conditions: Mapped[list[Condition]] = relationship(lazy="selectin", order_by=Condition.number)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    @property
    def number(self) -> str:
        """Its number for people, such as QC-000042."""
        return case_number(self.serial_number)

    @property
    def stands(self) -> CaseStatus:
        """Where it stands."""
        return CaseStatus(self.status)

    @property
    def given(self) -> list[Answer]:
        """What the supplier has answered."""
        return [Answer.model_validate(answer) for answer in self.answers]

    @property
    def parts(self) -> list[Part]:
        """Who evaluates it, and how far each is."""
        return [evaluator.part() for evaluator in self.evaluators]

    @property
    def marks(self) -> dict[str, Marks]:
        """The marks that were given, by evaluator and question."""
        return {
            evaluator.person: {one["question"]: Decimal(one["mark"]) for one in evaluator.marks}
            for evaluator in self.evaluators
            if evaluator.marks is not None
        }

    def expect_possible(self, move: Move) -> CaseStatus:
        """Return the status that a move leads to; raises ConflictError naming what is possible instead."""
        return moved(self.number, self.stands, move)

    def move(self, move: Move) -> None:
        """Do to it what its status allows."""
        self.status = self.expect_possible(move).value

    def answer(self, answers: Sequence[Answer]) -> None:
        """Keep what the supplier has answered so far, whole."""
        self.move(Move.ANSWER)
        self.answers = [answer.model_dump(mode="json", exclude_none=True) for answer in answers]

    def submit(self, by: str, at: datetime) -> None:
        """Let the supplier's answers be final."""
        self.move(Move.SUBMIT)
        self.submitted_by, self.submitted_at = by, at
        self.reason_for_supplier = None

    def give_back(self, told: str) -> None:
        """Let the supplier answer again; the marks of before are of other answers, and count no more."""
        self.move(Move.RETURN)
        self.submitted_by = self.submitted_at = None
        self.reason_for_supplier = told
        for evaluator in self.evaluators:
            evaluator.begin_again()

    def decide(
        self,
        move: Move,
        decision: Decision,
        reckoning: Reckoning,
        shown: dict[str, Any],
        valid_until: date | None,
        conditions: Iterable[Condition],
    ) -> None:
        """Keep what was decided, and the arithmetic that it rests on."""
        self.move(move)
        self.decision, self.valid_until = decision.value, valid_until
        self.result, self.reckoning = reckoning.result, shown
        self.conditions = list(conditions)

    def overdue(self, day: date) -> list[Condition]:
        """Return the conditions that were to be met by a day that is over."""
        return [condition for condition in self.conditions if condition.is_overdue(day)]
