"""Segments as answers show them: the quadrant, and how it was reckoned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Percent, Points
from purveyor.money import Money, round_amount
from sourcing.segments.model import SegmentRow
from sourcing.segments.rules.segmenting import Lack, Quadrant
from sourcing.suppliers.views.shown import ID

LACKS = (
    "Why there is no quadrant: `spend`, nothing was ordered in the window; `risk`, of nobody who may be "
    "ordered from is it known how risky they are; `ended`, the category is retired, nobody orders from the "
    "supplier for it any more, or nothing is spent in the currency"
)
SEGMENT: dict[str, Any] = {
    "id": ID,
    "category": "fasteners",
    "supplier_id": None,
    "quadrant": "bottleneck",
    "lacks": [],
    "from_on": "2026-09-01",
    "as_of": "2026-11-20",
    "policy_version": 0,
    "impact": {
        "spend": {"amount": "31500.00", "currency": "EUR"},
        "total": {"amount": "1250000.00", "currency": "EUR"},
        "share": "2.52",
        "share_of_category": None,
        "high_from": "5.00",
        "is_high": False,
    },
    "supply_risk": {
        "suppliers": 2,
        "scarcity": "60.0",
        "scarcity_weight": 50,
        "assessed": 2,
        "risk": "44.0",
        "points": "52.0",
        "high_from": "50.0",
        "is_high": True,
    },
}


class ImpactOut(BaseModel):
    """Profit impact: what is spent, as a share of all that is."""

    spend: Money | None = Field(
        description="Ordered in the window and not called off; of a category with all that lies in it. Null: "
        "nothing was ordered at all"
    )
    total: Money | None = Field(description="All that was, in the same currency")
    share: Percent | None = Field(description="spend × 100 ÷ total")
    share_of_category: Percent | None = Field(
        description="Of a supplier: its spend × 100 ÷ all spend of the category"
    )
    high_from: Percent = Field(description="From this share on it is high, by the policy `segments`")
    is_high: bool | None = Field(description="Null: not known")


class SupplyRiskOut(BaseModel):
    """Supply risk: how few there are to choose from, and how risky they are."""

    suppliers: int = Field(
        description="Who may be ordered from for the category, for what it lies in or for something in it"
    )
    scarcity: Points = Field(description="What so few make, of 100, by the policy")
    scarcity_weight: int = Field(description="How much that counts, of 100; risk counts the rest")
    assessed: int = Field(description="Of how many of them it is known how risky they are")
    risk: Points | None = Field(
        description="Of a supplier its overall risk; of a category the mean of those of its suppliers, by "
        "what is spent with each (alike where nothing is). Null: not known"
    )
    points: Points | None = Field(description="(scarcity × weight + risk × (100 − weight)) ÷ 100")
    high_from: Points = Field(description="From these points on it is high, by the policy")
    is_high: bool | None = Field(description="Null: not known")


class SegmentOut(BaseModel):
    """Where a category, or a supplier in it, stands in the portfolio."""

    model_config = ConfigDict(json_schema_extra={"examples": [SEGMENT]})

    id: UUID
    category: str
    supplier_id: UUID | None = Field(description="Null: it is of the category itself")
    quadrant: Quadrant | None = Field(description="Null: `lacks` says why")
    lacks: list[Lack] = Field(description=LACKS)
    from_on: date = Field(description="Since when it is what it is")
    as_of: date = Field(description="The day of the figures")
    policy_version: int
    impact: ImpactOut
    supply_risk: SupplyRiskOut

    @classmethod
    def of(cls, row: SegmentRow) -> Self:
        """Return what is shown of a segment."""
        return cls(
            id=row.id,
            category=row.category,
            supplier_id=row.supplier_id,
            quadrant=None if row.quadrant is None else Quadrant(row.quadrant),
            lacks=[Lack(lack) for lack in row.lacks],
            from_on=row.from_on,
            as_of=row.as_of,
            policy_version=row.policy_version,
            impact=ImpactOut(
                spend=_money(row.spend, row.currency),
                total=_money(row.total, row.currency),
                share=row.share,
                share_of_category=row.share_of_category,
                high_from=row.share_high_from,
                is_high=None if row.share is None else row.share >= row.share_high_from,
            ),
            supply_risk=SupplyRiskOut(
                suppliers=row.suppliers,
                scarcity=row.scarcity,
                scarcity_weight=row.scarcity_weight,
                assessed=row.assessed,
                risk=row.risk,
                points=row.risk_points,
                high_from=row.risk_high_from,
                is_high=None if row.risk_points is None else row.risk_points >= row.risk_high_from,
            ),
        )


class SegmentMove(BaseModel):
    """What was something else on a day than on an earlier one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"was": SEGMENT | {"quadrant": "non_critical"}, "became": SEGMENT}]}
    )

    was: SegmentOut | None = Field(description="On the earlier day; null: it was not segmented yet")
    became: SegmentOut = Field(description="On the later day, with the figures of the last day that it held")

    @classmethod
    def of(cls, move: Any) -> Self:
        """Return what is shown of a move."""
        became, was = move[0], move[1]
        return cls(was=None if was is None else SegmentOut.of(was), became=SegmentOut.of(became))


def _money(amount: Decimal, currency: str | None) -> Money | None:
    return None if currency is None else Money(amount=round_amount(amount, currency), currency=currency)
