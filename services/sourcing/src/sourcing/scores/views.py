"""Scores as answers show them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import MeanDays, PartsPerMillion, Percent, Points


class PublishedScore(BaseModel):
    """A score as supplier performance published it."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "sequence": 7,
                    "score": "54.0",
                    "grade": "D",
                    "as_of": "2026-11-20",
                    "window_from": "2025-11-21",
                    "window_to": "2026-11-20",
                    "lines_due": 12,
                    "on_time_percent": "50.00",
                    "in_full_percent": "75.00",
                    "on_time_in_full_percent": "50.00",
                    "rejected_ppm": "12000",
                    "rejected_ppm_by_unit": {"C62": "33333", "KGM": "0"},
                    "average_days_late": "4.50",
                    "p90_days_late": "14",
                    "published_at": "2026-11-20T06:00:00Z",
                }
            ]
        },
    )

    sequence: int = Field(description="Its number in the supplier's stream performance.suppliers")
    score: Points | None
    grade: str | None
    as_of: date
    window_from: date
    window_to: date
    lines_due: int
    on_time_percent: Percent | None
    in_full_percent: Percent | None
    on_time_in_full_percent: Percent | None
    rejected_ppm: PartsPerMillion | None = Field(
        description="Of one unit of measure; over units the mean of line shares weighted by value"
    )
    rejected_ppm_by_unit: dict[str, PartsPerMillion] | None = Field(
        description="By unit (UN/ECE Recommendation 20); null of scores before units were told apart"
    )
    average_days_late: MeanDays | None
    p90_days_late: Decimal | None
    published_at: datetime
