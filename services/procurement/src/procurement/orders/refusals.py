"""The codes by which orders refuses."""

from __future__ import annotations

from procurement.operations import (
    AMEND,
    CALL_OFF,
    DECIDE_RESPONSE,
    IMPORT_ORDERS,
    ISSUE,
    RECEIVE,
    REOPEN,
    WRITE_ORDER,
)
from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "purchase_order_not_found",
        404,
        "No such order exists, or it is another supplier's.",
        "Look in GET /v1/purchase-orders.",
        ("* /v1/purchase-orders/{order_id}*",),
    ),
    Refusal(
        "supplier_not_approved",
        422,
        "The supplier may not be ordered from: it is not approved, or not for the category of each line that "
        "`errors` names.",
        "Let sourcing approve it, or order elsewhere.",
        (*ISSUE, REOPEN),
    ),
    Refusal(
        "site_unknown",
        422,
        "The order names a site that does not exist.",
        "Create it: PUT /v1/sites/{code}.",
        (*WRITE_ORDER, *AMEND, *IMPORT_ORDERS),
    ),
    Refusal(
        "amounts_invalid",
        422,
        "What is taken off an order or put on it contradicts itself, is more than there is, or cannot be "
        "spread over its lines; `errors` names each.",
        "Correct what is named.",
        (*WRITE_ORDER[:2], *IMPORT_ORDERS),
    ),
    Refusal(
        "tax_codes_incomplete",
        422,
        "Some of an order has a tax code and some has none, so that no total with tax is right.",
        "Name one for each line, allowance and charge, or none at all.",
        (*WRITE_ORDER[:2], *AMEND[:2]),
    ),
    Refusal(
        "lines_invalid",
        422,
        "Lines contradict themselves or each other; `errors` names each.",
        "Correct what is named.",
        (*WRITE_ORDER, *IMPORT_ORDERS),
    ),
    Refusal(
        "dates_invalid",
        422,
        "A date of the order lies in the future, or a promise before the order.",
        "Correct what `errors` names; days are those of the site.",
        (*WRITE_ORDER, *IMPORT_ORDERS),
    ),
    Refusal(
        "currency_withdrawn",
        422,
        "The currency was withdrawn before the order's date.",
        "Use the one that took its place.",
        (*WRITE_ORDER, *IMPORT_ORDERS),
    ),
    Refusal(
        "site_not_valid",
        422,
        "The order names a site that is not there on its day.",
        "Name another site or another day.",
        (*WRITE_ORDER, *AMEND),
    ),
    Refusal(
        "purchase_order_line_not_found",
        404,
        "The order has no line of this number.",
        "Read the order again.",
        ("POST /v1/purchase-orders/{order_id}/lines/*",),
    ),
    Refusal(
        "amendment_invalid",
        422,
        "The amendment goes below what has come, forgets a line, or says nothing new; `errors` names each.",
        "Correct what is named; what came meanwhile counts.",
        (*AMEND, *DECIDE_RESPONSE),
    ),
    Refusal(
        "on_hold",
        409,
        "The order, or the blanket order that it calls off of, is held; the detail says why.",
        "Release it first.",
        (*ISSUE, "POST /v1/purchase-orders/{order_id}:hold", *RECEIVE, *CALL_OFF),
    ),
    Refusal(
        "call_off",
        409,
        "A draft that calls off of a blanket order is not rewritten.",
        "Cancel it, and call off again.",
        ("PUT /v1/purchase-orders/{order_id}",),
    ),
    Refusal(
        "not_as_requested",
        422,
        "The order's line orders another item, category or unit than the requested line that it is for.",
        "Order what was requested, or leave the line out and write one of its own.",
        ("PUT /v1/purchase-orders/{order_id}", *AMEND, *DECIDE_RESPONSE),
    ),
)
