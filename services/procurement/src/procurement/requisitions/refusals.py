"""The codes by which requisitions refuses."""

from __future__ import annotations

from procurement.operations import AMENDMENT, DECIDE_RESPONSE, REOPEN, REQUEST
from purveyor.refusals import Refusal

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
            f"POST {AMENDMENT}/{{amendment_id}}:issue",
            *DECIDE_RESPONSE,
            REOPEN,
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
        (*REQUEST, "PUT /v1/requisition-templates/{code}"),
    ),
)
