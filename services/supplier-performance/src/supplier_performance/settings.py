"""Settings of supplier performance; what counts as on time and how a score is made are policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from purveyor.db import Transaction
from purveyor.settings import Settings

NAME = "supplier-performance"


class SupplierPerformanceSettings(Settings):
    """Settings of supplier performance, beside those that every service has."""

    retired: ClassVar[Mapping[str, str]] = {
        "on_time_grace_days": "the policy on-time",
        "score_window_days": "the policy rolling-window",
        **dict.fromkeys(
            (
                "score_minimum_lines",
                "weight_on_time",
                "weight_in_full",
                "weight_quality",
                "weight_punctuality",
                "quality_worst_ppm",
                "punctuality_worst_days",
                "grade_a",
                "grade_b",
                "grade_c",
                "grade_d",
            ),
            "the policy scoring",
        ),
    }

    import_settle_seconds: int = Field(
        default=15, ge=0, le=3600, description="A supplier is judged this long after the last imported event"
    )


def settings_of(tx: Transaction) -> SupplierPerformanceSettings:
    """Return the settings that a transaction's service runs with."""
    settings = tx.database.settings
    assert isinstance(settings, SupplierPerformanceSettings)  # noqa: S101  # the service is wired with its own
    return settings
