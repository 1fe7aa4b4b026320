"""A tender whose bids are judged by two evaluators, after three bidders have bid."""

from __future__ import annotations

from services.sourcing.tests.tenders.conftest import house

__all__ = ["house"]
