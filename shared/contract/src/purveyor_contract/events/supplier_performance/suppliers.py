"""Events of supplier performance. Stream `performance.suppliers`, keyed by supplier."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from purveyor.figures import MeanDays, PartsPerMillion, Percent, Points
from purveyor_messaging.audience import RESTATED, Told, tells
from purveyor_messaging.envelope import Event, Restated


class SupplierScoreUpdated(Event):
    """A supplier's score or grade changed."""

    to_supplier: ClassVar[Told] = tells(
        "supplier_id",
        "score",
        "grade",
        "previous_score",
        "previous_grade",
        "as_of",
        "window_from",
        "window_to",
        "lines_due",
        "on_time_percent",
        "in_full_percent",
        "on_time_in_full_percent",
        "rejected_ppm",
        "rejected_ppm_by_unit",
        "average_days_late",
        "p90_days_late",
        "consequence",
    )

    service: ClassVar[str] = "supplier-performance"
    topic: ClassVar[str] = "performance.suppliers"
    key_field: ClassVar[str] = "supplier_id"

    supplier_id: UUID
    score: Points | None = Field(
        description="0 to 100, one decimal; null when too few lines are due", examples=["54.2"]
    )
    grade: str | None = Field(description="A, B, C, D or E; null without a score", examples=["D"])
    previous_score: Points | None = Field(examples=["76.0"])
    previous_grade: str | None = Field(examples=["B"])
    as_of: date
    window_from: date
    window_to: date
    lines_due: int = Field(examples=[24])
    on_time_percent: Percent | None = Field(examples=["62.50"])
    in_full_percent: Percent | None = Field(examples=["87.50"])
    on_time_in_full_percent: Percent | None = Field(examples=["58.33"])
    rejected_ppm: PartsPerMillion | None = Field(
        description="Of one unit of measure; over units the mean of line shares weighted by value",
        examples=["4000"],
    )
    rejected_ppm_by_unit: dict[str, PartsPerMillion] | None = Field(
        default=None,
        description="By unit (UN/ECE Recommendation 20) of what was received",
        examples=[{"C62": "33333", "KGM": "0"}],
    )
    average_days_late: MeanDays | None = Field(description="Negative when early", examples=["6.25"])
    p90_days_late: Decimal | None = Field(examples=["14"])
    policy_versions: dict[str, int] | None = Field(
        default=None,
        description="The version of each policy that judged; of `on-time`, which differs by line, the newest",
        examples=[{"on-time": 0, "rolling-window": 0, "scoring": 2}],
    )
    consequence: str | None = Field(
        default=None,
        description="What follows of the grade: none, warn, no_new_tenders or no_new_orders",
        examples=["warn"],
    )
    template: str | None = Field(
        default=None,
        description="The code of the scorecard template that judged; `default` where no other fits",
        examples=["fasteners"],
    )
    template_number: int | None = Field(
        default=None,
        description="Its version; of `default` that of the policy `scoring`",
        examples=[2],
    )


class SupplierScoreRestated(Restated):
    """A supplier's scores were told again after performance lost events; only the events in here hold."""

    to_supplier: ClassVar[Told] = tells("supplier_id", *RESTATED)

    service: ClassVar[str] = "supplier-performance"
    topic: ClassVar[str] = "performance.suppliers"
    key_field: ClassVar[str] = "supplier_id"

    supplier_id: UUID
