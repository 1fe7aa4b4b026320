"""Openings in SQL."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction
from sourcing.openings.model import Opening


def add_opening(tx: Transaction, opening: Opening) -> None:
    """Keep an opening that was prepared."""
    tx.session.add(opening)


async def opening_of(tx: Transaction, tender_id: UUID) -> Opening | None:
    """Return how a tender is opened; None while it was never published."""
    found: Opening | None = await tx.session.get(Opening, tender_id)
    return found
