"""The codes by which reviews refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import DECIDE_REVIEW

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "supplier_review_not_found",
        404,
        "No such review exists.",
        "Look in GET /v1/supplier-reviews.",
        ("* /v1/supplier-reviews/{review_id}*",),
    ),
    Refusal(
        "nobody_told",
        422,
        "A reason for the supplier was given, and nobody tells a supplier of this decision.",
        "Leave `reason_for_supplier` out.",
        DECIDE_REVIEW,
    ),
)
