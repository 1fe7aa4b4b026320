"""Settings of procurement beside those that every service has."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from purveyor.db import Transaction
from purveyor.settings import Settings

NAME = "procurement"


class ProcurementSettings(Settings):
    """Settings of procurement."""

    over_receipt_tolerance_percent: Decimal = Field(
        default=Decimal(0), ge=0, le=100, description="How much more than ordered may be received of a line"
    )


def settings_of(tx: Transaction) -> ProcurementSettings:
    """Return the settings that a command runs with."""
    settings = tx.database.settings
    assert isinstance(settings, ProcurementSettings)  # noqa: S101  # create_app and the worker pass no other
    return settings
