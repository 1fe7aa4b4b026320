"""Events of supplier performance. Stream `performance.suppliers`, keyed by supplier."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from purveyor.messaging.envelope import Event


class SupplierScoreUpdated(Event):
    """A supplier's score or grade changed."""

    service: ClassVar[str] = "supplier-performance"
    topic: ClassVar[str] = "performance.suppliers"
    key_field: ClassVar[str] = "supplier_id"

    supplier_id: UUID
    score: Decimal | None = Field(description="0 to 100, one decimal; null when too few lines are due")
    grade: str | None = Field(description="A, B, C, D or E; null without a score")
    previous_score: Decimal | None
    previous_grade: str | None
    as_of: date
    window_from: date
    window_to: date
    lines_due: int
    on_time_percent: Decimal | None
    in_full_percent: Decimal | None
    on_time_in_full_percent: Decimal | None
    rejected_ppm: Decimal | None
    average_days_late: Decimal | None = Field(description="Negative when early")
    p90_days_late: Decimal | None
