"""The codes by which suppliers refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

_CALL_OFF = (
    "POST /v1/blanket-orders/{blanket_order_id}/call-offs",
    "POST /v1/intake/{need_id}:start",
)
_WRITE = (
    "POST /v1/purchase-orders",
    "PUT /v1/purchase-orders/{order_id}",
    "POST /v1/requisitions:order",
    *_CALL_OFF,
)
_SOURCED = ("POST /v1/requisitions/{requisition_id}/lines/{line_number}:end-sourcing",)

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
        (*_WRITE, "POST /v1/blanket-orders", *_SOURCED),
    ),
)
