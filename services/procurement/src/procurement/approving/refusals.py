"""The codes by which approving refuses."""

from __future__ import annotations

from procurement.operations import AMENDMENT
from purveyor.refusals import Refusal

_APPROVE = (
    "POST /v1/purchase-orders/{order_id}:approve",
    f"POST {AMENDMENT}/{{amendment_id}}:approve",
)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "approved_by_steps",
        409,
        "It goes through the steps of the approval policy; `approval_id` is its approval.",
        "Take a step: POST /v1/approvals/{approval_id}:decide.",
        (
            *_APPROVE,
            "POST /v1/requisitions/{requisition_id}:approve",
            "POST /v1/requisitions/{requisition_id}:reject",
            "POST /v1/requisitions/{requisition_id}/lines/{line_number}:approve",
            "POST /v1/budget-transfers/{transfer_id}:approve",
            "POST /v1/budget-transfers/{transfer_id}:refuse",
        ),
    ),
)
