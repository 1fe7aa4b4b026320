"""Sourcing's settings."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from purveyor.db import Transaction
from purveyor.settings import Settings

NAME = "sourcing"


class SourcingSettings(Settings):
    """What sourcing takes from the environment beside what every service does."""

    review_threshold: Decimal = Field(
        default=Decimal(60), ge=0, le=100, description="A score under it opens a supplier review"
    )


def settings_of(tx: Transaction) -> SourcingSettings:
    """Return the settings that a transaction's service runs with."""
    settings = tx.database.settings
    if not isinstance(settings, SourcingSettings):
        raise TypeError("this transaction does not belong to sourcing")
    return settings
