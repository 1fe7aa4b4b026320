"""How scorecards are shown: every part, the figures behind it, and how sure the score is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Percent, Points
from supplier_performance.scorecards.model import Scorecard
from supplier_performance.scored.model import ScoreHistory
from supplier_performance.suppliers.rules import SupplierName
from supplier_performance.suppliers.views import SupplierReference
from supplier_performance.templates.rules.rating import Card, NotRated, Part
from supplier_performance.templates.rules.template import Consequence


@dataclass(frozen=True, slots=True)
class MadeOn:
    """What a scorecard is of: the day, the window, and when it was published, if it was."""

    as_of: date
    window_from: date
    window_to: date
    judged_at: datetime | None


class PartFigure(BaseModel):
    """A figure of a part: the facts behind it are those of the KPI's evidence over the same window."""

    model_config = ConfigDict(from_attributes=True)

    period: int = Field(description="Of the template's periods, from 0, the latest first", examples=[0])
    currency: str | None = Field(examples=[None])
    unit: str | None = Field(examples=[None])
    value: Decimal | None = Field(description="Null: no data", examples=["92.00"])
    numerator: Decimal | None = Field(examples=["92"])
    denominator: Decimal | None = Field(examples=["100"])
    sample: int = Field(description="How many facts it is of", examples=[100])


class ScorecardPartForSupplier(BaseModel):
    """A KPI or a question of a scorecard, as the supplier sees it; what is added here, suppliers learn."""

    code: str = Field(description="Of the KPI, or the question", examples=["on-time"])
    weight: Decimal = Field(description="Of a hundred", examples=["40"])
    share: Percent | None = Field(
        description="Its weight once those that are not rated have left theirs; null: it is not rated",
        examples=["53.33"],
    )
    points: Percent | None = Field(
        description="0 to 100, two decimals; null: it is not rated", examples=["92.00"]
    )
    not_rated: NotRated | None = Field(description="Why not", examples=[None])
    sample: int = Field(description="How many facts it is of", examples=[100])
    between_from: Decimal | None = Field(
        description="Of a share of facts: the true one lies from here with 95 % confidence (Wilson)",
        examples=["85.00"],
    )
    between_to: Decimal | None = Field(description="To here", examples=["95.89"])
    answered_on: date | None = Field(description="Of a question: when it was answered", examples=[None])
    figures: list[PartFigure] = Field(
        description="A KPI's figures: one a period, and of quantities one a unit of measure; those of a "
        "period count by their samples, the periods by their weights"
    )

    @classmethod
    def of(cls, part: Part) -> Self:
        """Show a part."""
        return cls(**cls._shown(part))

    @classmethod
    def _shown(cls, part: Part) -> dict[str, Any]:
        low, high = part.between or (None, None)
        return {
            "code": part.code,
            "weight": part.weight,
            "share": part.share,
            "points": part.points,
            "not_rated": part.not_rated,
            "sample": part.sample,
            "between_from": low,
            "between_to": high,
            "answered_on": None if part.answer is None else part.answer.on,
            "figures": [PartFigure.model_validate(figure) for figure in part.figures],
        }


class ScorecardPart(ScorecardPartForSupplier):
    """A KPI or a question of a scorecard."""

    kpi_number: int | None = Field(
        description="Which version of the KPI made its figures; null of a question", examples=[0]
    )
    answered_by: str | None = Field(description="Of a question: who answered it", examples=[None])

    @classmethod
    def _shown(cls, part: Part) -> dict[str, Any]:
        by = None if part.answer is None else part.answer.by
        return super()._shown(part) | {"kpi_number": part.number, "answered_by": by}


class MadeForSupplier(BaseModel):
    """A scorecard as the supplier sees it; what is added here, suppliers learn."""

    score: Points | None = Field(description="Null where too little is rated", examples=["91.4"])
    grade: str | None = Field(description="A, B, C, D or E; null without a score", examples=["A"])
    consequence: Consequence = Field(description="What follows of the grade", examples=["none"])
    score_from: Points | None = Field(
        description="The score, were every share at the worse end of where it lies with 95 % confidence",
        examples=["86.0"],
    )
    score_to: Points | None = Field(description="At the better end", examples=["95.2"])
    rated_weight: Percent = Field(description="Of a hundred, what is rated", examples=["75.00"])
    as_of: date
    window_from: date
    window_to: date
    judged_at: datetime | None = Field(description="When it was published; null: made for this answer")
    parts: list[ScorecardPartForSupplier] = Field(
        description="score = Σ weight × points ÷ Σ weight, over what is rated"
    )


class Made(MadeForSupplier):
    """A scorecard, with the template that made it."""

    template: str = Field(description="`default` where no other fits", examples=["fasteners"])
    template_number: int = Field(
        description="Its version; of `default` that of the policy `scoring`", examples=[1]
    )
    parts: list[ScorecardPart] = Field(  # type: ignore[assignment]  # of our view
        description="score = Σ weight × points ÷ Σ weight, over what is rated"
    )


def made(card: Card, of: MadeOn | Scorecard | ScoreHistory) -> dict[str, Any]:
    """Return what is shown of a scorecard, for either audience."""
    told = asdict(card)
    return {name: told[name] for name in told if name not in {"template", "number", "parts"}} | {
        "template": card.template,
        "template_number": card.number,
        "as_of": of.as_of,
        "window_from": of.window_from,
        "window_to": of.window_to,
        "judged_at": of.judged_at,
        "parts": card.parts,
    }


def _for(audience: type[MadeForSupplier], part: type[ScorecardPartForSupplier], of: dict[str, Any]) -> Any:
    told = {name: of[name] for name in audience.model_fields if name != "parts"}
    return audience(**told, parts=[part.of(one) for one in of["parts"]])


class SupplierScorecardForSupplier(BaseModel):
    """A supplier's scorecard as it sees it itself; what is added here, suppliers learn."""

    supplier: SupplierReference
    as_of: date
    known: MadeForSupplier | None = Field(
        description="As it was published last, by then; null: none was, with its parts"
    )
    now_known: MadeForSupplier | None = Field(
        description="Asked as of a day: made anew by what is known of that day now, by the same versions of "
        "the template and its KPIs; null without a day"
    )

    @classmethod
    def of(
        cls, supplier: SupplierName, as_of: date, known: dict[str, Any] | None, now: dict[str, Any] | None
    ) -> Self:
        """Show a scorecard."""
        shown = (None if one is None else cls._made(one) for one in (known, now))
        then, anew = shown
        return cls(supplier=SupplierReference.of(supplier), as_of=as_of, known=then, now_known=anew)

    @classmethod
    def _made(cls, of: dict[str, Any]) -> Any:
        return _for(MadeForSupplier, ScorecardPartForSupplier, of)


class SupplierScorecard(SupplierScorecardForSupplier):
    """A supplier's scorecard: what was known on a day, and what is known of it now."""

    known: Made | None = Field(
        description="As it was published last, by then; null: none was, with its parts"
    )
    now_known: Made | None = Field(
        description="Asked as of a day: made anew by what is known of that day now, by the same versions of "
        "the template and its KPIs; null without a day"
    )

    @classmethod
    def _made(cls, of: dict[str, Any]) -> Any:
        return _for(Made, ScorecardPart, of)
