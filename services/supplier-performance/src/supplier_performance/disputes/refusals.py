"""The codes by which disputes refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "dispute_not_found",
        404,
        "There is no such dispute, or it is not the caller's own.",
        "Look in GET /v1/disputes.",
        ("* /v1/disputes/{dispute_id}*",),
    ),
    Refusal(
        "order_line_not_found",
        404,
        "The supplier has no order line with this number.",
        "Look in GET /v1/suppliers/{supplier_id}/score/evidence.",
        ("POST /v1/suppliers/{supplier_id}/disputes",),
    ),
    Refusal(
        "line_disputed",
        409,
        "The line is disputed already, in `dispute`, which is open or was upheld.",
        "Wait for its answer; a rejected one can be disputed again.",
        ("POST /v1/suppliers/{supplier_id}/disputes",),
    ),
)
