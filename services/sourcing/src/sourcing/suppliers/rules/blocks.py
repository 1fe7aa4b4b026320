"""What blocks buying from a supplier beside its status, and for which categories."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class BlockCause(StrEnum):
    """What a purchasing block comes from; who found it lifts it, and nobody else."""

    SCREENING = "screening"
    DOCUMENT = "document"
    QUALIFICATION = "qualification"
    DUPLICATE = "duplicate"


def covers(categories: Collection[str] | None, category: str) -> bool:
    """Whether a block of these categories (None: of all) keeps from buying in one of them."""
    return categories is None or category in categories
