"""What is approved step by step is approved no other way."""

from __future__ import annotations

from uuid import UUID

import pytest

from procurement.approving.rules import expect_no_steps
from purveyor.errors import ConflictError

APPROVAL = UUID("0199c0de-0000-7000-8000-000000000001")


def test_what_waits_for_no_steps_is_approved_at_once() -> None:
    expect_no_steps(None)


def test_what_waits_for_steps_names_where_they_are_taken() -> None:
    with pytest.raises(ConflictError) as refused:
        expect_no_steps(APPROVAL)
    assert refused.value.code == "approved_by_steps"
    assert str(refused.value) == (
        f"It goes through steps of approval: POST /v1/approvals/{APPROVAL}:decide takes one."
    )
    assert refused.value.extensions == {"approval_id": str(APPROVAL)}
