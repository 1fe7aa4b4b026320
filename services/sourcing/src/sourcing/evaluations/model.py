"""Evaluations: marks of evaluators, what a round's ranking is reckoned from, justifications of low bids."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Numeric, Text
from sqlalchemy.orm import Mapped, mapped_column

from sourcing.database import Base
from sourcing.evaluations.rules.digests import digest_of
from sourcing.evaluations.rules.inputs import EvaluationInputs, GivenMark, Justified
from sourcing.evaluations.rules.results import EvaluationResult


class EvaluationMark(Base):
    """What an evaluator gave an answer of a bid; it never changes."""

    __tablename__ = "evaluation_mark"
    __table_args__ = (CheckConstraint("mark BETWEEN 0 AND 100", name="mark"),)

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)
    criterion: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[str] = mapped_column(Text, primary_key=True)
    mark: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    comment: Mapped[str | None] = mapped_column(Text)
    explanation: Mapped[str | None] = mapped_column(Text)
    """Why it lies far off what others gave."""
    given_at: Mapped[datetime]

    def given(self) -> GivenMark:
        """Return it as it counts."""
        return GivenMark(
            supplier_id=self.supplier_id, criterion=self.criterion, person=self.person, mark=self.mark
        )


class Evaluation(Base):
    """The ranking of a round, with all that it is reckoned from, as texts: byte by byte."""

    __tablename__ = "evaluation"
    __table_args__ = (
        CheckConstraint("num_nonnulls(completed_by, completed_at) IN (0, 2)", name="completed_wholly"),
    )

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    inputs: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)
    begun_by: Mapped[str] = mapped_column(Text)
    begun_at: Mapped[datetime]
    completed_by: Mapped[str | None] = mapped_column(Text)
    completed_at: Mapped[datetime | None]

    @property
    def reckoned_from(self) -> EvaluationInputs:
        """What it is reckoned from."""
        return EvaluationInputs.model_validate_json(self.inputs)

    @property
    def says(self) -> EvaluationResult:
        """What it says."""
        return EvaluationResult.model_validate_json(self.result)

    @property
    def digest(self) -> str:
        """By which it is known again."""
        return digest_of(self.inputs, self.result)


class BidJustification(Base):
    """That an abnormally low bid is to be justified for a lot, and what became of that."""

    __tablename__ = "bid_justification"
    __table_args__ = (
        ForeignKeyConstraint(["tender_id", "round"], ["evaluation.tender_id", "evaluation.round"]),
        CheckConstraint("num_nonnulls(text, stated_by, stated_at) IN (0, 3)", name="stated_wholly"),
        CheckConstraint(
            "num_nonnulls(accepted, reason, decided_by, decided_at) IN (0, 4)", name="decided_wholly"
        ),
        CheckConstraint("accepted IS NOT TRUE OR text IS NOT NULL", name="justified"),
    )

    tender_id: Mapped[UUID] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)
    lot: Mapped[str] = mapped_column(Text, primary_key=True)
    due_at: Mapped[datetime]
    text: Mapped[str | None] = mapped_column(Text)
    stated_by: Mapped[str | None] = mapped_column(Text)
    stated_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]

    def counted(self) -> Justified:
        """Return it as a ranking counts it."""
        return Justified(supplier_id=self.supplier_id, lot=self.lot, accepted=self.accepted)
