"""The codes by which amendments refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

_AMENDMENT = "/v1/purchase-orders/{order_id}/amendments"
_AMEND = (
    f"POST {_AMENDMENT}",
    f"PUT {_AMENDMENT}/{{amendment_id}}",
    f"POST {_AMENDMENT}/{{amendment_id}}:issue",
)
_RESPOND = ("POST /v1/purchase-orders/{order_id}/versions/{number}/response",)
_DECIDE = ("POST /v1/purchase-orders/{order_id}/versions/{number}/response:decide",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "amendment_not_found",
        404,
        "The order has no such amendment.",
        "Look in GET /v1/purchase-orders/{order_id}/amendments.",
        (f"* {_AMENDMENT}/{{amendment_id}}*",),
    ),
    Refusal(
        "version_superseded",
        409,
        "The version that is amended or answered is no longer in force; `current_version` is.",
        "Read the order again, and amend or answer what it says now.",
        (*_AMEND, *_RESPOND, *_DECIDE),
    ),
    Refusal(
        "amendment_open",
        409,
        "The order has an amendment that is neither issued nor withdrawn: `amendment_id`.",
        "Change, issue or withdraw that one.",
        (f"POST {_AMENDMENT}", *_DECIDE),
    ),
)
