"""The codes by which responses refuses."""

from __future__ import annotations

from procurement.operations import DECIDE_RESPONSE, RESPOND
from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "purchase_order_version_not_found",
        404,
        "The order has no version of this number.",
        "Look in GET /v1/purchase-orders/{order_id}/versions.",
        ("* /v1/purchase-orders/{order_id}/versions/{number}*",),
    ),
    Refusal(
        "response_invalid",
        422,
        "The answer says what it cannot of a version; `errors` names each.",
        "Correct what is named; what is accepted as it is asked is left out.",
        RESPOND,
    ),
    Refusal(
        "response_accepted",
        409,
        "The version was accepted by its supplier, or by a buyer for it who would answer again.",
        "Move days by promises, and anything else by an amendment.",
        RESPOND,
    ),
    Refusal(
        "response_superseded",
        409,
        "The supplier answered anew after the answer that you decide of: `response_id` is the last one.",
        "Read that one, and decide of it.",
        DECIDE_RESPONSE,
    ),
    Refusal(
        "nothing_to_decide",
        422,
        "A change is none of the answer's, was decided before, or is of a line that was closed since.",
        "Read the answer again; `errors` says what is to be decided.",
        DECIDE_RESPONSE,
    ),
    Refusal(
        "purchase_order_response_not_found",
        404,
        "Nobody has answered this version of the order.",
        "Wait for the answer, or record it for the supplier.",
        DECIDE_RESPONSE,
    ),
)
