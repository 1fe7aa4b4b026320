"""The codes by which procurement refuses, beside those of every service."""

from __future__ import annotations

from purveyor.refusals import ELSEWHERE, Refusal

_CALL_OFF = ("POST /v1/blanket-orders/{blanket_order_id}/call-offs",)
_WRITE = ("POST /v1/purchase-orders", "PUT /v1/purchase-orders/{order_id}", *_CALL_OFF)
_AMENDMENT = "/v1/purchase-orders/{order_id}/amendments"
_AMEND = (
    f"POST {_AMENDMENT}",
    f"PUT {_AMENDMENT}/{{amendment_id}}",
    f"POST {_AMENDMENT}/{{amendment_id}}:issue",
)
_ISSUE = ("POST /v1/purchase-orders/{order_id}:issue", f"POST {_AMENDMENT}/{{amendment_id}}:issue")
_IMPORT = ("POST /v1/purchase-orders:import",)
_RECEIVE = ("POST /v1/purchase-orders/{order_id}/receipts",)
_REVERSE = ("POST /v1/goods-receipts/{receipt_id}:reverse",)
_STATED = (
    "PUT /v1/business-units/{code}",
    "PUT /v1/cost-centres/{code}",
    "PUT /v1/projects/{code}",
    "PUT /v1/sites/{code}",
    "PUT /v1/payment-terms/{code}",
)
_ITEMS = ("PUT /v1/items/{code}", "POST /v1/items:bulk")
_RATES = ("POST /v1/exchange-rates:bulk",)
_CONVERT = ("GET /v1/exchange-rates/conversion",)
_RECEIPTS = ("POST /v1/goods-receipts:import",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "wrong_state",
        409,
        "The status of the order, a line or an amendment does not allow this; `allowed` says what it does.",
        "Read the order again.",
        (
            "POST /v1/purchase-orders/{order_id}*",
            "PUT /v1/purchase-orders/{order_id}*",
            "POST /v1/blanket-orders/{blanket_order_id}*",
            "PUT /v1/blanket-orders/{blanket_order_id}",
            *_IMPORT,
            *_RECEIPTS,
        ),
    ),
    Refusal(
        "purchase_order_not_found",
        404,
        "No such order exists, or it is another supplier's.",
        "Look in GET /v1/purchase-orders.",
        ("* /v1/purchase-orders/{order_id}*",),
    ),
    Refusal(
        "document_takes_too_long",
        503,
        "The document was not ready in time: too many are asked for at once, or it is very long.",
        "Ask again; read the version as JSON when it is never ready.",
        ("GET /v1/purchase-orders/{order_id}/versions/{number}/document",),
    ),
    Refusal(
        "goods_receipt_not_found",
        404,
        "No such receipt exists, or it is another supplier's.",
        "Look in GET /v1/goods-receipts.",
        ("* /v1/goods-receipts/{receipt_id}*",),
    ),
    Refusal(
        "supplier_not_found",
        404,
        "No such supplier is known here.",
        "Look in GET /v1/suppliers: what sourcing registered arrives within seconds.",
        ("GET /v1/suppliers/{supplier_id}",),
    ),
    Refusal(
        "site_not_found", 404, "No site has this code.", "Look in GET /v1/sites.", ("GET /v1/sites/{code}",)
    ),
    Refusal(
        "supplier_unknown",
        422,
        "The order names a supplier that is not known here.",
        "Register it with sourcing first; its registration arrives within seconds.",
        (*_WRITE, *_IMPORT, "POST /v1/blanket-orders"),
    ),
    Refusal(
        "supplier_not_approved",
        422,
        "The supplier may not be ordered from: it is not approved, or not for the category of each line that "
        "`errors` names.",
        "Let sourcing approve it, or order elsewhere.",
        _ISSUE,
    ),
    Refusal(
        "site_unknown",
        422,
        "The order names a site that does not exist.",
        "Create it: PUT /v1/sites/{code}.",
        (*_WRITE, *_AMEND, *_IMPORT),
    ),
    Refusal(
        "time_zone_unknown",
        422,
        "The database knows no time zone of this name.",
        "Use a name of the IANA time zone database, such as Europe/Berlin.",
        ("PUT /v1/sites/{code}",),
    ),
    Refusal(
        "lines_invalid",
        422,
        "Lines contradict themselves or each other; `errors` names each.",
        "Correct what is named.",
        (*_WRITE, *_IMPORT),
    ),
    Refusal(
        "dates_invalid",
        422,
        "A date of the order lies in the future, or a promise before the order.",
        "Correct what `errors` names; days are those of the site.",
        (*_WRITE, *_IMPORT),
    ),
    Refusal(
        "currency_withdrawn",
        422,
        "The currency was withdrawn before the order's date.",
        "Use the one that took its place.",
        (*_WRITE, *_IMPORT),
    ),
    Refusal(
        "nothing_to_spread_over",
        422,
        "An amount is to be spread over lines of which none has a share.",
        "Spread it by something else, such as the lines' values.",
        ELSEWHERE,
    ),
    Refusal(
        "share_negative",
        422,
        "An amount is to be spread by a share below zero.",
        "State shares of zero and above.",
        ELSEWHERE,
    ),
    Refusal(
        "order_unknown",
        422,
        "The receipt names an order that was not imported.",
        "Import the order first.",
        _RECEIPTS,
    ),
    Refusal(
        "receipt_invalid",
        422,
        "What arrived cannot be: too much, lines that the order has not, a rejection without a reason.",
        "Correct what `errors` names, or let the buyer change the order.",
        (*_RECEIVE, *_RECEIPTS),
    ),
    Refusal(
        "already_received",
        409,
        "The order has received exactly this on the same day, without a despatch reference as now.",
        "Send nothing more; `another_delivery` says that other goods came, or name their despatch.",
        _RECEIVE,
    ),
    Refusal(
        "reversal_invalid",
        422,
        "What is taken back cannot be: more than is left of the receipt, or on a day that it cannot be on.",
        "Correct what `errors` names.",
        _REVERSE,
    ),
    Refusal(
        "already_reversed",
        409,
        "All of the receipt was taken back already.",
        "Read it again: its `reversals` say when and why.",
        _REVERSE,
    ),
    Refusal(
        "despatch_already_received",
        409,
        "This delivery note was received for the order already.",
        "Send nothing more; `another_delivery` says that other goods came under the same note.",
        _RECEIVE,
    ),
    Refusal(
        "organisation_not_valid",
        422,
        "The order names a business unit or a cost centre that does not exist, is another unit's, or is not "
        "there on its day; `errors` names each with its reason.",
        "Name another, or let an admin state it: PUT /v1/business-units/{code}.",
        (*_WRITE, *_AMEND),
    ),
    Refusal(
        "site_not_valid",
        422,
        "The order names a site that is not there on its day.",
        "Name another site or another day.",
        (*_WRITE, *_AMEND),
    ),
    Refusal(
        "items_not_valid",
        422,
        "Lines say of their items what is not so: a retired one, another category, a unit that it does not "
        "convert to, or no item where the policy `items-required` asks for one.",
        "Correct what `errors` names, or define the item: PUT /v1/items/{code}.",
        _WRITE,
    ),
    Refusal(
        "period_reversed",
        422,
        "It ends before it begins.",
        "State a `valid_to` that is not before `valid_from`.",
        _STATED,
    ),
    Refusal(
        "business_unit_unknown",
        422,
        "The business unit that it is for does not exist.",
        "Create it: PUT /v1/business-units/{code}.",
        ("PUT /v1/cost-centres/{code}", "PUT /v1/projects/{code}"),
    ),
    Refusal(
        "item_invalid",
        422,
        "The item contradicts itself: an unknown unit, one stated twice, a GTIN on two of them.",
        "Correct what `errors` names.",
        _ITEMS,
    ),
    Refusal(
        "gtin_taken",
        409,
        "The GTIN is printed on another item.",
        "Look in GET /v1/items?gtin=…, and take it off that one first if it is wrong there.",
        _ITEMS,
    ),
    Refusal(
        "unit_not_convertible",
        422,
        "The item does not convert to that unit.",
        "State it in a unit that the item names.",
        ELSEWHERE,
    ),
    Refusal(
        "quantity_not_exact",
        422,
        "In the other unit the quantity would have to be rounded.",
        "State it in the unit that the sentence names.",
        ELSEWHERE,
    ),
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
        "It is none of the eleven Incoterms rules of 2020.",
        "Name one of GET /v1/incoterms.",
        ELSEWHERE,
    ),
    Refusal(
        "tax_code_invalid",
        422,
        "The tax code contradicts itself; `errors` names what.",
        "State each period once, the earliest first, with rates that its category has.",
        ("PUT /v1/tax-codes/{code}",),
    ),
    Refusal(
        "rate_of_itself",
        422,
        "A currency has no rate in itself.",
        "Leave the row out.",
        _RATES,
    ),
    Refusal(
        "rate_differs",
        409,
        "The source has said another rate of that day.",
        "Send the row with `corrects: true` if that one was wrong.",
        _RATES,
    ),
    Refusal(
        "no_rate",
        422,
        "There is no rate of that day, nor one shortly before; none is guessed over a gap.",
        "Record the source's rates: POST /v1/exchange-rates:bulk, or purveyor rates import.",
        _CONVERT,
    ),
    Refusal(
        "amount_too_large",
        422,
        "No amount is worth as much: it, or a rate, was mistyped.",
        "Correct the amount.",
        _CONVERT,
    ),
    Refusal(
        "item_not_found",
        404,
        "No item has this code.",
        "Look in GET /v1/items.",
        ("GET /v1/items/{code}",),
    ),
    Refusal(
        "business_unit_not_found",
        404,
        "No business unit has this code.",
        "Look in GET /v1/business-units.",
        ("GET /v1/business-units/{code}",),
    ),
    Refusal(
        "cost_centre_not_found",
        404,
        "No cost centre has this code.",
        "Look in GET /v1/cost-centres.",
        ("GET /v1/cost-centres/{code}",),
    ),
    Refusal(
        "project_not_found",
        404,
        "No project has this code.",
        "Look in GET /v1/projects.",
        ("GET /v1/projects/{code}",),
    ),
    Refusal(
        "payment_terms_not_found",
        404,
        "No terms of payment have this code.",
        "Look in GET /v1/payment-terms.",
        ("GET /v1/payment-terms/{code}*",),
    ),
    Refusal(
        "tax_code_not_found",
        404,
        "No tax code has this code.",
        "Look in GET /v1/tax-codes.",
        ("GET /v1/tax-codes/{code}",),
    ),
    Refusal(
        "amendment_not_found",
        404,
        "The order has no such amendment.",
        "Look in GET /v1/purchase-orders/{order_id}/amendments.",
        (f"* {_AMENDMENT}/{{amendment_id}}*",),
    ),
    Refusal(
        "purchase_order_version_not_found",
        404,
        "The order has no version of this number.",
        "Look in GET /v1/purchase-orders/{order_id}/versions.",
        ("GET /v1/purchase-orders/{order_id}/versions/{number}*",),
    ),
    Refusal(
        "purchase_order_line_not_found",
        404,
        "The order has no line of this number.",
        "Read the order again.",
        ("POST /v1/purchase-orders/{order_id}/lines/*",),
    ),
    Refusal(
        "version_superseded",
        409,
        "The version that the amendment is based on is no longer in force; `current_version` is.",
        "Read the order again, and amend what it says now.",
        _AMEND,
    ),
    Refusal(
        "amendment_open",
        409,
        "The order has an amendment that is neither issued nor withdrawn: `amendment_id`.",
        "Change, issue or withdraw that one.",
        (f"POST {_AMENDMENT}",),
    ),
    Refusal(
        "amendment_invalid",
        422,
        "The amendment goes below what has come, forgets a line, or says nothing new; `errors` names each.",
        "Correct what is named; what came meanwhile counts.",
        _AMEND,
    ),
    Refusal(
        "on_hold",
        409,
        "The order, or the blanket order that it calls off of, is held; the detail says why.",
        "Release it first.",
        (*_ISSUE, "POST /v1/purchase-orders/{order_id}:hold", *_RECEIVE, *_CALL_OFF),
    ),
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
        (*_CALL_OFF, *_ISSUE, "POST /v1/purchase-orders/{order_id}/lines/{line_number}:reopen"),
    ),
    Refusal(
        "blanket_order_exceeded",
        422,
        "More than the blanket order leaves of a line, or of its value; `errors` says how much is left.",
        "Order less, or agree on another one.",
        (
            *_CALL_OFF,
            f"POST {_AMENDMENT}/{{amendment_id}}:issue",
            "POST /v1/purchase-orders/{order_id}/lines/{line_number}:reopen",
        ),
    ),
    Refusal(
        "not_as_agreed",
        422,
        "A call-off is amended to a thing, a unit or a price that its blanket order does not have.",
        "Order what was agreed; `errors` names what was.",
        _AMEND,
    ),
    Refusal(
        "call_off",
        409,
        "A draft that calls off of a blanket order is not rewritten.",
        "Cancel it, and call off again.",
        ("PUT /v1/purchase-orders/{order_id}",),
    ),
)
