"""The codes by which terms refuses."""

from __future__ import annotations

from procurement.operations import AMEND, IMPORT_ORDERS, WRITE_ORDER
from purveyor.refusals import Refusal

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
        (*WRITE_ORDER, *AMEND[:2], *IMPORT_ORDERS),
    ),
    Refusal(
        "delivery_terms_incomplete",
        422,
        "A rule of Incoterms is stated without its place, or a place without a rule.",
        "State both, or neither.",
        (*WRITE_ORDER, *AMEND[:2]),
    ),
    Refusal(
        "payment_terms_not_valid",
        422,
        "The order names terms of payment that do not exist, or cannot be agreed on its day.",
        "Name others of GET /v1/payment-terms, or let them be stated: PUT /v1/payment-terms/{code}.",
        (*WRITE_ORDER, *AMEND[:2]),
    ),
    Refusal(
        "payment_terms_not_found",
        404,
        "No terms of payment have this code.",
        "Look in GET /v1/payment-terms.",
        ("GET /v1/payment-terms/{code}*",),
    ),
)
