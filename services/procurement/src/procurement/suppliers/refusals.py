"""The codes by which suppliers refuses."""

from __future__ import annotations

from procurement.operations import SOURCED, WRITE_ORDER
from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "supplier_not_found",
        404,
        "No such supplier is known here.",
        "Look in GET /v1/suppliers: what sourcing registered arrives within seconds.",
        ("GET /v1/suppliers/{supplier_id}", "GET /v1/suppliers/{supplier_id}/payable-account"),
    ),
    Refusal(
        "supplier_gone",
        422,
        "The supplier is another since it was merged, or it was entered by mistake.",
        "Order from the one that `errors` names.",
        (*WRITE_ORDER, "POST /v1/blanket-orders", *SOURCED),
    ),
)
