"""The codes by which requisitions refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

_AMENDMENT = "/v1/purchase-orders/{order_id}/amendments"
_REOPEN = "POST /v1/purchase-orders/{order_id}/lines/{line_number}:reopen"
_DECIDE = ("POST /v1/purchase-orders/{order_id}/versions/{number}/response:decide",)
_REQUEST = (
    "POST /v1/requisitions",
    "PUT /v1/requisitions/{requisition_id}",
    "POST /v1/requisitions/{requisition_id}:copy",
    "POST /v1/requisitions/{requisition_id}:submit",
    "POST /v1/requisition-templates/{code}:use",
    "POST /v1/intake",
    "POST /v1/intake:simulate",
    "POST /v1/intake/{need_id}:start",
)
_ORDER = ("POST /v1/requisitions:order",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "requisition_exceeded",
        422,
        "More would be ordered of a requested line than is open of what was approved, or it is not approved, "
        "or waits for its sourcing; `errors` says how much is left.",
        "Order less, or let more be requested.",
        (
            *_ORDER,
            "PUT /v1/purchase-orders/{order_id}",
            f"POST {_AMENDMENT}/{{amendment_id}}:issue",
            *_DECIDE,
            _REOPEN,
        ),
    ),
    Refusal(
        "requisition_not_found",
        404,
        "No such requisition exists.",
        "Look in GET /v1/requisitions.",
        ("* /v1/requisitions/{requisition_id}*", *_ORDER),
    ),
    Refusal(
        "requisition_line_not_found",
        404,
        "The requisition has no line of that number.",
        "Read the requisition.",
        ("POST /v1/requisitions/{requisition_id}/lines/{line_number}*", *_ORDER),
    ),
    Refusal(
        "requisition_template_not_found",
        404,
        "No template has this code.",
        "Look in GET /v1/requisition-templates.",
        ("GET /v1/requisition-templates/{code}", "POST /v1/requisition-templates/{code}:use"),
    ),
    Refusal(
        "requisition_invalid",
        422,
        "The requisition names what is not there, has shares that are not 100 %, or needs something by a day "
        "that is over; `errors` names each.",
        "Correct what is named.",
        (*_REQUEST, "PUT /v1/requisition-templates/{code}"),
    ),
)
