"""The codes by which terms refuses."""

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
_AMENDMENT = "/v1/purchase-orders/{order_id}/amendments"
_AMEND = (
    f"POST {_AMENDMENT}",
    f"PUT {_AMENDMENT}/{{amendment_id}}",
    f"POST {_AMENDMENT}/{{amendment_id}}:issue",
)
_IMPORT = ("POST /v1/purchase-orders:import",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "terms_invalid",
        422,
        "The terms of payment contradict themselves; `errors` names what.",
        "Let instalments add up to 100 %, and discounts fall with time.",
        ("PUT /v1/payment-terms/{code}",),
    ),
    Refusal(
        "incoterm_unknown",
        422,
        "It is none of the eleven Incoterms rules of 2020, nor, on an import, an older one.",
        "Name one of GET /v1/incoterms.",
        (*_WRITE, *_AMEND[:2], *_IMPORT),
    ),
    Refusal(
        "delivery_terms_incomplete",
        422,
        "A rule of Incoterms is stated without its place, or a place without a rule.",
        "State both, or neither.",
        (*_WRITE, *_AMEND[:2]),
    ),
    Refusal(
        "payment_terms_not_valid",
        422,
        "The order names terms of payment that do not exist, or cannot be agreed on its day.",
        "Name others of GET /v1/payment-terms, or let them be stated: PUT /v1/payment-terms/{code}.",
        (*_WRITE, *_AMEND[:2]),
    ),
    Refusal(
        "payment_terms_not_found",
        404,
        "No terms of payment have this code.",
        "Look in GET /v1/payment-terms.",
        ("GET /v1/payment-terms/{code}*",),
    ),
)
