"""A supplier's scorecard: its current score, and the measures and parts behind it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter
from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from purveyor_contract.events.supplier_performance.suppliers import SupplierScoreUpdated
from purveyor_messaging.outbox import Aggregate
from supplier_performance.database import Base
from supplier_performance.deliveries.rules import Measures, Valued
from supplier_performance.scorecards.rules import Yardstick
from supplier_performance.scored.model import ScoreHistory
from supplier_performance.templates.rules.rating import Card

MUTUALLY_DEFINED = "ZZ"
"""The unit that UN/ECE Recommendation 20 has for what is in none: what was added up over units once."""


def _told_apart(kept: Any) -> Any:
    """Read what was kept before units and currencies were told apart: its figures are those of then."""
    if not isinstance(kept, dict) or "by_unit" in kept:
        return kept
    received, rejected = kept.get("received_quantity", 0), kept.get("rejected_quantity", 0)
    by_unit = {MUTUALLY_DEFINED: {"received": received, "rejected": rejected}} if Decimal(received) else {}
    spend = {currency: Valued(0, Decimal(of), Decimal(0)) for currency, of in kept.get("spend", {}).items()}
    return kept | {"by_unit": by_unit, "by_currency": spend}


MEASURES: TypeAdapter[Measures] = TypeAdapter(Annotated[Measures, BeforeValidator(_told_apart)])
"""How they are kept in a row, beside the rules: what a supplier was judged by stays readable."""
CARDS: TypeAdapter[Card] = TypeAdapter(Card)
"""How what a template made of figures is kept."""


class Scorecard(Aggregate, Base):
    """How a supplier does now; its id is the supplier's, its stream `performance.suppliers`."""

    __tablename__ = "scorecard"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("grade IN ('A', 'B', 'C', 'D', 'E')", name="grade"),
    )

    score: Mapped[Decimal | None]
    grade: Mapped[str | None]
    as_of: Mapped[date]
    window_from: Mapped[date]
    window_to: Mapped[date]
    judged_at: Mapped[datetime]
    rules: Mapped[dict[str, Any]]
    policy_versions: Mapped[dict[str, Any] | None]
    """Which version of each policy judged it; null for what was judged before there were versions."""
    measures: Mapped[dict[str, Any]]
    card: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The parts that made the score; null of what was judged before scores had them."""

    lines: Mapped[int]
    """This and what follows are figures that suppliers are ranked by, out of the measures."""
    lines_late: Mapped[int]
    on_time_percent: Mapped[Decimal | None]
    in_full_percent: Mapped[Decimal | None]
    on_time_in_full_percent: Mapped[Decimal | None]
    rejected_ppm: Mapped[Decimal | None]
    average_days_late: Mapped[Decimal | None]

    def judge(
        self, measures: Measures, card: Card, yardstick: Yardstick, now: datetime
    ) -> SupplierScoreUpdated | None:
        """Take new measures and what they make in; returns the event when that moved."""
        window = yardstick.window
        before, self.score = self.score, card.score
        grade_before, self.grade = self.grade, card.grade
        consequence_before = card.consequence if self.card is None else self.made.consequence
        self.card = CARDS.dump_python(card, mode="json")
        self.as_of = window.last
        self.window_from, self.window_to = window.first, window.last
        self.judged_at = now
        self.rules = yardstick.rules.model_dump(mode="json")
        self.policy_versions = dict(yardstick.versions)
        self.measures = MEASURES.dump_python(measures, mode="json")
        self.lines, self.lines_late = measures.lines, measures.lines_late
        self.on_time_percent, self.in_full_percent = measures.on_time_percent, measures.in_full_percent
        self.on_time_in_full_percent = measures.on_time_in_full_percent
        self.rejected_ppm, self.average_days_late = measures.rejected_ppm, measures.average_days_late
        if (before, grade_before, consequence_before) == (self.score, self.grade, card.consequence):
            return None
        return SupplierScoreUpdated(
            supplier_id=self.id,
            score=self.score,
            grade=self.grade,
            previous_score=before,
            previous_grade=grade_before,
            as_of=self.as_of,
            window_from=self.window_from,
            window_to=self.window_to,
            lines_due=measures.lines_due,
            on_time_percent=measures.on_time_percent,
            in_full_percent=measures.in_full_percent,
            on_time_in_full_percent=measures.on_time_in_full_percent,
            rejected_ppm=measures.rejected_ppm,
            rejected_ppm_by_unit={
                unit: of.rejected_ppm for unit, of in measures.by_unit.items() if of.rejected_ppm is not None
            },
            average_days_late=measures.average_days_late,
            policy_versions=self.policy_versions,
            p90_days_late=None if measures.p90_days_late is None else Decimal(measures.p90_days_late),
            consequence=card.consequence.value,
            template=card.template,
            template_number=card.number,
        )

    @property
    def made(self) -> Card:
        """The parts that made the score."""
        return CARDS.validate_python(self.card)

    def says(self, measures: Measures, card: Card) -> bool:
        """Whether it says these measures and what is made of them, to the last digit."""
        kept = MEASURES.validate_python(self.measures), self.made
        return kept == (
            MEASURES.validate_python(MEASURES.dump_python(measures, mode="json")),
            CARDS.validate_python(CARDS.dump_python(card, mode="json")),
        )

    def past(self) -> ScoreHistory:
        """Return what it says now, under the number of the event that says it."""
        return ScoreHistory(
            supplier_id=self.id,
            sequence=self.sequence,
            score=self.score,
            grade=self.grade,
            as_of=self.as_of,
            window_from=self.window_from,
            window_to=self.window_to,
            judged_at=self.judged_at,
            rules=self.rules,
            policy_versions=self.policy_versions,
            measures=self.measures,
            card=self.card,
        )
