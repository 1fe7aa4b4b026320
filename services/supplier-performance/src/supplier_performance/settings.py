"""Settings of supplier performance: what counts as on time, and how measures become a score."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from purveyor.db import Transaction
from purveyor.settings import Settings

NAME = "supplier-performance"


class SupplierPerformanceSettings(Settings):
    """Settings of supplier performance, beside those that every service has."""

    on_time_grace_days: int = Field(
        default=0, ge=0, le=365, description="Days after promised that are on time"
    )
    score_window_days: int = Field(
        default=365, ge=1, le=3660, description="Of the rolling window, until today"
    )
    score_minimum_lines: int = Field(default=3, ge=1, description="Due lines below which there is no score")
    import_settle_seconds: int = Field(
        default=15, ge=0, le=3600, description="A supplier is judged this long after the last imported event"
    )
    weight_on_time: int = Field(default=40, ge=0, le=100)
    weight_in_full: int = Field(default=20, ge=0, le=100)
    weight_quality: int = Field(default=25, ge=0, le=100)
    weight_punctuality: int = Field(default=15, ge=0, le=100)
    quality_worst_ppm: Decimal = Field(
        default=Decimal(50_000), gt=0, description="Rejected ppm worth 0 points"
    )
    punctuality_worst_days: Decimal = Field(default=Decimal(30), gt=0, description="Average lateness worth 0")
    grade_a: Decimal = Field(default=Decimal(90), ge=0, le=100, description="The lowest score graded A")
    grade_b: Decimal = Field(default=Decimal(75), ge=0, le=100)
    grade_c: Decimal = Field(default=Decimal(60), ge=0, le=100)
    grade_d: Decimal = Field(default=Decimal(40), ge=0, le=100)

    @model_validator(mode="after")
    def _scores_are_out_of_a_hundred(self) -> Self:
        weights = (self.weight_on_time, self.weight_in_full, self.weight_quality, self.weight_punctuality)
        if sum(weights) != 100:
            raise ValueError(f"the four weights must sum to 100, not {sum(weights)}")
        if not self.grade_a > self.grade_b > self.grade_c > self.grade_d:
            raise ValueError("grade thresholds must fall from A to D")
        return self


def settings_of(tx: Transaction) -> SupplierPerformanceSettings:
    """Return the settings that a transaction's service runs with."""
    settings = tx.database.settings
    assert isinstance(settings, SupplierPerformanceSettings)  # noqa: S101  # the service is wired with its own
    return settings
