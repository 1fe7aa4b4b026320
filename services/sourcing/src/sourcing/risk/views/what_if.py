"""What other weights would make of suppliers, as HTTP takes and shows it."""

from __future__ import annotations

from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Points
from sourcing.risk.rules.assessing import RiskLevel, WhatIf
from sourcing.risk.rules.policy import RiskWeights

WEIGHTS: dict[str, Any] = {
    "financial": 40,
    "geographic": 10,
    "operational": 10,
    "dependency": 10,
    "compliance": 10,
    "environmental_social": 5,
    "delivery_quality": 10,
    "signals": 5,
}
MOVE: dict[str, Any] = {"level": "medium", "level_then": "high", "suppliers": 17}
MOVER: dict[str, Any] = {
    "supplier_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    "level": "medium",
    "level_then": "high",
    "overall": "37.1",
    "overall_then": "52.4",
}


class RiskQuestion(BaseModel):
    """Other weights, over all suppliers."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"weights": WEIGHTS, "limit": 50}]}
    )

    weights: RiskWeights
    after: UUID | None = Field(
        default=None, description="Go on behind this supplier: `next_after` of the answer before"
    )
    limit: int = Field(default=50, ge=1, le=200, description="How many `movers` to name")


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class RiskMove(_Out):
    """How many suppliers would come from one level to another, or stay."""

    model_config = ConfigDict(json_schema_extra={"examples": [MOVE]})

    level: RiskLevel | None = Field(description="Now; null: nothing that counts is known")
    level_then: RiskLevel | None
    suppliers: int


class RiskMover(_Out):
    """A supplier that would be of another level."""

    model_config = ConfigDict(json_schema_extra={"examples": [MOVER]})

    supplier_id: UUID
    level: RiskLevel | None
    level_then: RiskLevel | None
    overall: Points | None
    overall_then: Points | None


class RiskAnswer(_Out):
    """What other weights would make of suppliers; nothing of it is kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"assessed": 1200, "moves": [MOVE], "movers": [MOVER], "next_after": None}]
        }
    )

    assessed: int = Field(description="How many suppliers were looked at: all that have an assessment")
    moves: list[RiskMove] = Field(description="How many come from which level to which, and stay")
    movers: list[RiskMover] = Field(description="Those that move, by their ids, as many as were asked for")
    next_after: UUID | None = Field(description="Where `movers` goes on, as `after`; null: there are no more")

    @classmethod
    def of(cls, found: WhatIf) -> Self:
        """Return what is shown of an answer."""
        moves = [
            RiskMove(level=level, level_then=then, suppliers=count)
            for (level, then), count in sorted(found.moves.items(), key=str)
        ]
        movers = [RiskMover.model_validate(one) for one in found.movers]
        return cls(assessed=found.assessed, moves=moves, movers=movers, next_after=found.next_after)
