"""The codes by which amendments refuses."""

from __future__ import annotations

from procurement.operations import AMEND, AMENDMENT, DECIDE_RESPONSE, RESPOND
from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "amendment_not_found",
        404,
        "The order has no such amendment.",
        "Look in GET /v1/purchase-orders/{order_id}/amendments.",
        (f"* {AMENDMENT}/{{amendment_id}}*",),
    ),
    Refusal(
        "version_superseded",
        409,
        "The version that is amended or answered is no longer in force; `current_version` is.",
        "Read the order again, and amend or answer what it says now.",
        (*AMEND, *RESPOND, *DECIDE_RESPONSE),
    ),
    Refusal(
        "amendment_open",
        409,
        "The order has an amendment that is neither issued nor withdrawn: `amendment_id`.",
        "Change, issue or withdraw that one.",
        (f"POST {AMENDMENT}", *DECIDE_RESPONSE),
    ),
)
