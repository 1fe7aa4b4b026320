"""Bidders of a published tender, and its openers."""

from __future__ import annotations

from services.sourcing.tests.tenders.conftest import house

__all__ = ["house"]
