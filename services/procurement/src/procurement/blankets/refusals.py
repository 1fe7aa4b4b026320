"""The codes by which blankets refuses."""

from __future__ import annotations

from procurement.operations import AMEND, AMENDMENT, CALL_OFF, ISSUE
from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "blanket_order_not_found",
        404,
        "No such blanket order exists.",
        "Look in GET /v1/blanket-orders.",
        ("* /v1/blanket-orders/{blanket_order_id}*",),
    ),
    Refusal(
        "blanket_order_invalid",
        422,
        "The blanket order ends before it begins, or numbers a line twice.",
        "Correct what `errors` names.",
        ("POST /v1/blanket-orders", "PUT /v1/blanket-orders/{blanket_order_id}"),
    ),
    Refusal(
        "blanket_order_not_valid",
        409,
        "Today, at the site, is not within the blanket order's validity.",
        "Agree on another one.",
        (*CALL_OFF, *ISSUE, "POST /v1/purchase-orders/{order_id}/lines/{line_number}:reopen"),
    ),
    Refusal(
        "blanket_order_exceeded",
        422,
        "More than the blanket order leaves of a line, or of its value; `errors` says how much is left.",
        "Order less, or agree on another one.",
        (
            *CALL_OFF,
            f"POST {AMENDMENT}/{{amendment_id}}:issue",
            "POST /v1/purchase-orders/{order_id}/lines/{line_number}:reopen",
        ),
    ),
    Refusal(
        "not_as_agreed",
        422,
        "A call-off is amended to a thing, a unit or a price that its blanket order does not have, or to "
        "charges that were not agreed.",
        "Order what was agreed; `errors` names what was.",
        AMEND,
    ),
)
