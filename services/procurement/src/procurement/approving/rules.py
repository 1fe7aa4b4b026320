"""What is approved step by step is approved no other way."""

from __future__ import annotations

from uuid import UUID

from purveyor.errors import ConflictError


def expect_no_steps(awaits_approval: UUID | None) -> None:
    """Raise ConflictError for what is approved step by step, and not at once."""
    if awaits_approval is not None:
        raise ConflictError(
            "approved_by_steps",
            f"It goes through steps of approval: POST /v1/approvals/{awaits_approval}:decide takes one.",
            approval_id=str(awaits_approval),
        )
