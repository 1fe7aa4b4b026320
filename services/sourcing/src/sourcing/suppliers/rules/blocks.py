"""What blocks buying from a supplier beside its status."""

from __future__ import annotations

from enum import StrEnum


class BlockCause(StrEnum):
    """What a purchasing block comes from; who found it lifts it, and nobody else."""

    SCREENING = "screening"
    DOCUMENT = "document"
    QUALIFICATION = "qualification"
    DUPLICATE = "duplicate"
    PERFORMANCE = "performance"
