"""The codes by which procurement refuses, beside those of every service."""

from __future__ import annotations

from purveyor.refusals import ELSEWHERE, Refusal
from purveyor_approvals.refusals import refusals

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
_ISSUE = ("POST /v1/purchase-orders/{order_id}:issue", f"POST {_AMENDMENT}/{{amendment_id}}:issue")
_REOPEN = "POST /v1/purchase-orders/{order_id}/lines/{line_number}:reopen"
_RESPOND = ("POST /v1/purchase-orders/{order_id}/versions/{number}/response",)
_DECIDE = ("POST /v1/purchase-orders/{order_id}/versions/{number}/response:decide",)
_PROMISE = ("POST /v1/purchase-orders/{order_id}/lines/{line_number}/promises",)
_IMPORT = ("POST /v1/purchase-orders:import",)
_RECEIVE = ("POST /v1/purchase-orders/{order_id}/receipts",)
_SCAN = ("POST /v1/goods-receipts:read-barcode",)
_REVERSE = ("POST /v1/goods-receipts/{receipt_id}:reverse",)
_NOTIFY = ("POST /v1/shipments",)
_MOVE_SHIPMENT = ("POST /v1/shipments/{shipment_id}:delay", "POST /v1/shipments/{shipment_id}:cancel")
_STATED = (
    "PUT /v1/business-units/{code}",
    "PUT /v1/cost-centres/{code}",
    "PUT /v1/projects/{code}",
    "PUT /v1/sites/{code}",
    "PUT /v1/payment-terms/{code}",
    "PUT /v1/people/{code}",
)
_PEOPLE = ("PUT /v1/people/{code}",)
_SUBMIT = (
    "POST /v1/purchase-orders/{order_id}:submit",
    "POST /v1/intake",
    "POST /v1/intake:simulate",
    "POST /v1/requisitions/{requisition_id}:submit",
    f"POST {_AMENDMENT}/{{amendment_id}}:submit",
)
_APPROVE = (
    "POST /v1/purchase-orders/{order_id}:approve",
    f"POST {_AMENDMENT}/{{amendment_id}}:approve",
)
_STEPS = ("POST /v1/approvals/*", "POST /v1/approval-delegations", "POST /v1/approval-policies:simulate")
_ITEMS = ("PUT /v1/items/{code}", "POST /v1/items:bulk")
_RATES = ("POST /v1/exchange-rates:bulk",)
_CONVERT = ("GET /v1/exchange-rates/conversion",)
_RECEIPTS = ("POST /v1/goods-receipts:import",)
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
_SOURCED = ("POST /v1/requisitions/{requisition_id}/lines/{line_number}:end-sourcing",)
_INVOICES = ("POST /v1/invoices", "POST /v1/invoices:file")
_STATE_BUDGET = ("POST /v1/budgets", "PUT /v1/budgets/{budget_id}")
_APPROVE_BUDGET = ("POST /v1/budgets/{budget_id}:approve",)
_CLOSE_BUDGET = ("POST /v1/budgets/{budget_id}:close",)
_REVALUE_BUDGET = ("POST /v1/budgets/{budget_id}:revalue",)
_OVERRIDE = ("POST /v1/budgets/{budget_id}/overrides",)
_TRANSFER = ("POST /v1/budget-transfers",)
_APPROVE_TRANSFER = ("POST /v1/budget-transfers/{transfer_id}:approve",)
_RESERVE = (
    "POST /v1/requisitions/{requisition_id}:submit",
    "POST /v1/requisitions/{requisition_id}:approve",
    "POST /v1/requisitions/{requisition_id}/lines/{line_number}:approve",
    "POST /v1/approvals/*",
)
_TAKE = (*_ISSUE, _REOPEN, *_RESERVE)
_MATCH_INVOICE = (
    "POST /v1/invoices/{invoice_id}:match",
    "POST /v1/invoices/{invoice_id}/lines/{position}:assign",
    "POST /v1/invoices/{invoice_id}/exceptions/{exception_id}:resolve",
)
_DECIDE_INVOICE = (
    "POST /v1/invoices/{invoice_id}:approve",
    "POST /v1/invoices/{invoice_id}:reject",
    *_MATCH_INVOICE,
)

REFUSALS: tuple[Refusal, ...] = (
    *refusals(*_SUBMIT),
    Refusal(
        "approved_by_steps",
        409,
        "It goes through the steps of the approval policy; `approval_id` is its approval.",
        "Take a step: POST /v1/approvals/{approval_id}:decide.",
        (
            *_APPROVE,
            "POST /v1/requisitions/{requisition_id}:approve",
            "POST /v1/requisitions/{requisition_id}:reject",
            "POST /v1/requisitions/{requisition_id}/lines/{line_number}:approve",
        ),
    ),
    Refusal(
        "person_not_found",
        404,
        "No such person is known.",
        "Look in GET /v1/people.",
        ("GET /v1/people/{code}",),
    ),
    Refusal(
        "person_invalid",
        422,
        "A manager or a site of the person does not exist, or somebody else is the same in tokens.",
        "Correct what `errors` names.",
        _PEOPLE,
    ),
    Refusal(
        "managers_circle",
        422,
        "Somebody would stand above themselves.",
        "State a manager who does not stand below; `detail` names all in the circle.",
        _PEOPLE,
    ),
    Refusal(
        "person_unknown",
        422,
        "The manager of the cost centre is nobody who is known.",
        "Create the person: PUT /v1/people/{code}.",
        ("PUT /v1/cost-centres/{code}",),
    ),
    Refusal(
        "category_not_found",
        404,
        "Sourcing has told of no category with this code.",
        "Look in GET /v1/categories.",
        ("GET /v1/categories/{code}",),
    ),
    Refusal(
        "wrong_state",
        409,
        "The status of the order, a requisition, a line, an amendment, a shipment, a budget or an invoice "
        "does not allow this; `allowed` says what it does.",
        "Read it again.",
        (
            "POST /v1/requisitions/{requisition_id}*",
            "POST /v1/requisitions:order",
            "POST /v1/intake/{need_id}:start",
            "PUT /v1/requisitions/{requisition_id}",
            *_DECIDE_INVOICE,
            "POST /v1/purchase-orders/{order_id}*",
            "PUT /v1/purchase-orders/{order_id}*",
            "POST /v1/blanket-orders/{blanket_order_id}*",
            "PUT /v1/blanket-orders/{blanket_order_id}",
            "POST /v1/documents/{document_id}*",
            "POST /v1/budgets/{budget_id}:*",
            "PUT /v1/budgets/{budget_id}",
            "POST /v1/budget-transfers/{transfer_id}:*",
            *_MOVE_SHIPMENT,
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
        "document_not_found",
        404,
        "No such document came in, or another supplier sent it.",
        "Look in GET /v1/documents.",
        ("* /v1/documents/{document_id}*",),
    ),
    Refusal(
        "cancellation_not_found",
        404,
        "The order is not cancelled, or was before anybody was sent it, or goods came of it.",
        "Read the order: its `status` says where it stands.",
        ("GET /v1/purchase-orders/{order_id}/cancellation/document",),
    ),
    Refusal(
        "not_for_exchange",
        422,
        "One of both parties has no address at which documents are received; `errors` names who.",
        "State `electronic` of the business unit; let sourcing state the supplier's participant or GLN.",
        (
            "GET /v1/purchase-orders/{order_id}/versions/{number}/document",
            "GET /v1/purchase-orders/{order_id}/cancellation/document",
            "GET /v1/goods-receipts/{receipt_id}/document",
        ),
    ),
    Refusal(
        "goods_receipt_not_found",
        404,
        "No such receipt exists, or it is another supplier's.",
        "Look in GET /v1/goods-receipts.",
        ("* /v1/goods-receipts/{receipt_id}*",),
    ),
    Refusal(
        "document_says_nothing",
        422,
        "A despatch advice came in that has no line on which anything was sent.",
        "Send one that has.",
        ELSEWHERE,
    ),
    Refusal(
        "of_another_supplier",
        422,
        "A document came in that says it is of another company than the supplier of its order.",
        "Let sourcing state the number by which it goes, and try the document again; or dismiss it.",
        ELSEWHERE,
    ),
    Refusal(
        "advice_not_taken",
        422,
        "A despatch advice came in that does not say when it is expected, or how much is of which lot.",
        "Let the supplier send another, or announce the shipment by hand, and dismiss the document.",
        ELSEWHERE,
    ),
    Refusal(
        "shipment_not_found",
        404,
        "No such shipment exists, or it is another supplier's.",
        "Look in GET /v1/shipments.",
        ("* /v1/shipments/{shipment_id}*",),
    ),
    Refusal(
        "shipment_invalid",
        422,
        "What was sent cannot be: more than is to come, of orders of several suppliers or to several sites, "
        "lots or packages that do not add up, or a day that it cannot be on, such as sent tomorrow.",
        "Correct what `errors` names.",
        (*_NOTIFY, "POST /v1/shipments/{shipment_id}:delay"),
    ),
    Refusal(
        "number_used",
        409,
        "An SSCC of the despatch advice was used for another package within a year, or a single thing is "
        "under way with another shipment; `errors` names each, and the shipment where its supplier asks.",
        "Give each package and each thing a number of its own; cancel a shipment that was wrong.",
        _NOTIFY,
    ),
    Refusal(
        "shipment_already_notified",
        409,
        "The supplier has used this despatch reference before; `shipment_id` is the shipment's.",
        "Send nothing more, or give other goods a number of their own; what was wrong is cancelled first.",
        _NOTIFY,
    ),
    Refusal(
        "answers_earlier_version",
        422,
        "An order response came in that names no version and is older than the one in force.",
        "Let the supplier answer the version in force, by its number.",
        ELSEWHERE,
    ),
    Refusal(
        "response_not_taken",
        422,
        "An order response came in that refuses or adds single lines, or counts in another unit.",
        "Amend the order as the supplier says, or order elsewhere, and dismiss the document.",
        ELSEWHERE,
    ),
    Refusal(
        "supplier_not_found",
        404,
        "No such supplier is known here.",
        "Look in GET /v1/suppliers: what sourcing registered arrives within seconds.",
        ("GET /v1/suppliers/{supplier_id}", "GET /v1/suppliers/{supplier_id}/payable-account"),
    ),
    Refusal(
        "site_not_found", 404, "No site has this code.", "Look in GET /v1/sites.", ("GET /v1/sites/{code}",)
    ),
    Refusal(
        "supplier_unknown",
        422,
        "The order or the invoice names a supplier that is not known here.",
        "Register it with sourcing first; its registration arrives within seconds.",
        (*_WRITE, *_IMPORT, *_INVOICES, "POST /v1/blanket-orders", *_SOURCED),
    ),
    Refusal(
        "supplier_gone",
        422,
        "The supplier is another since it was merged, or it was entered by mistake.",
        "Order from the one that `errors` names.",
        (*_WRITE, "POST /v1/blanket-orders", *_SOURCED),
    ),
    Refusal(
        "supplier_not_approved",
        422,
        "The supplier may not be ordered from: it is not approved, or not for the category of each line that "
        "`errors` names.",
        "Let sourcing approve it, or order elsewhere.",
        (*_ISSUE, _REOPEN),
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
        "amounts_invalid",
        422,
        "What is taken off an order or put on it contradicts itself, is more than there is, or cannot be "
        "spread over its lines; `errors` names each.",
        "Correct what is named.",
        (*_WRITE[:2], *_IMPORT),
    ),
    Refusal(
        "tax_codes_incomplete",
        422,
        "Some of an order has a tax code and some has none, so that no total with tax is right.",
        "Name one for each line, allowance and charge, or none at all.",
        (*_WRITE[:2], *_AMEND[:2]),
    ),
    Refusal(
        "tax_codes_not_valid",
        422,
        "The order names a tax code that does not exist, or has no rate on its day.",
        "Name another of GET /v1/tax-codes, or let it be stated: PUT /v1/tax-codes/{code}.",
        (*_WRITE[:2], *_AMEND[:2]),
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
        "barcode_invalid",
        422,
        "What was read is no GS1 barcode, has a wrong check digit, or says two things at once.",
        "Read it again; read one package after the other.",
        _SCAN,
    ),
    Refusal(
        "serial_in_stock",
        409,
        "Things with these serial numbers of the item were received before, and neither rejected nor taken "
        "back; `errors` names each with its receipt.",
        "Count again, or take the receipt back that was wrong.",
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
        "The order names a business unit, a cost centre or a project that does not exist, is another unit's, "
        "or is not there on its day; `errors` names each with its reason.",
        "Name another, or let an admin state it: PUT /v1/business-units/{code}.",
        (*_WRITE, *_AMEND, *_STATE_BUDGET, *_TAKE),
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
        (*_WRITE, *_AMEND[:2], *_REQUEST),
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
        (*_CONVERT, *_REVALUE_BUDGET, *_TAKE, *_SUBMIT, *_STEPS),
    ),
    Refusal(
        "amount_too_large",
        422,
        "No amount is worth as much: it, or a rate, was mistyped.",
        "Correct the amount.",
        (*_CONVERT, *_SUBMIT, *_STEPS),
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
        ("* /v1/purchase-orders/{order_id}/versions/{number}*",),
    ),
    Refusal(
        "purchase_order_line_not_found",
        404,
        "The order has no line of this number.",
        "Read the order again.",
        ("POST /v1/purchase-orders/{order_id}/lines/*",),
    ),
    Refusal(
        "schedule_unknown",
        422,
        "The line has no schedule of this number; `errors` says which it has.",
        "Name one of those.",
        _PROMISE,
    ),
    Refusal(
        "promise_moved",
        409,
        "Another day is promised by now than the one that you saw: `promised_on`.",
        "Read what is promised again, then decide again.",
        _PROMISE,
    ),
    Refusal(
        "promise_invalid",
        422,
        "The day lies in the past or before the order, or is what is promised already.",
        "Name another day; days are those of the site.",
        _PROMISE,
    ),
    Refusal(
        "not_the_buyer",
        403,
        "A supplier said that its buyer moved a day.",
        "Say what you move yourself, or ask the buyer to.",
        _PROMISE,
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
    Refusal(
        "response_invalid",
        422,
        "The answer says what it cannot of a version; `errors` names each.",
        "Correct what is named; what is accepted as it is asked is left out.",
        _RESPOND,
    ),
    Refusal(
        "response_accepted",
        409,
        "The version was accepted by its supplier, or by a buyer for it who would answer again.",
        "Move days by promises, and anything else by an amendment.",
        _RESPOND,
    ),
    Refusal(
        "response_superseded",
        409,
        "The supplier answered anew after the answer that you decide of: `response_id` is the last one.",
        "Read that one, and decide of it.",
        _DECIDE,
    ),
    Refusal(
        "nothing_to_decide",
        422,
        "A change is none of the answer's, was decided before, or is of a line that was closed since.",
        "Read the answer again; `errors` says what is to be decided.",
        _DECIDE,
    ),
    Refusal(
        "purchase_order_response_not_found",
        404,
        "Nobody has answered this version of the order.",
        "Wait for the answer, or record it for the supplier.",
        _DECIDE,
    ),
    Refusal(
        "amendment_invalid",
        422,
        "The amendment goes below what has come, forgets a line, or says nothing new; `errors` names each.",
        "Correct what is named; what came meanwhile counts.",
        (*_AMEND, *_DECIDE),
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
        "A call-off is amended to a thing, a unit or a price that its blanket order does not have, or to "
        "charges that were not agreed.",
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
        "not_as_requested",
        422,
        "The order's line orders another item, category or unit than the requested line that it is for.",
        "Order what was requested, or leave the line out and write one of its own.",
        ("PUT /v1/purchase-orders/{order_id}", *_AMEND, *_DECIDE),
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
    Refusal(
        "need_not_found",
        404,
        "No such need was said.",
        "Look in GET /v1/intake.",
        ("* /v1/intake/{need_id}*",),
    ),
    Refusal(
        "invoice_not_found",
        404,
        "There is no invoice with this id, or not among those of the supplier whose token this is.",
        "Look in GET /v1/invoices.",
        ("* /v1/invoices/{invoice_id}*",),
    ),
    Refusal(
        "invoice_line_not_found",
        404,
        "The invoice has no line at this place.",
        "Read the invoice.",
        ("POST /v1/invoices/{invoice_id}/lines/{position}:assign",),
    ),
    Refusal(
        "exception_not_found",
        404,
        "The invoice has no such exception.",
        "Look in GET /v1/invoices/{invoice_id}/match.",
        ("POST /v1/invoices/{invoice_id}/exceptions/{exception_id}:resolve",),
    ),
    Refusal(
        "exception_solved",
        409,
        "The exception was accepted, or is gone by itself.",
        "Look in GET /v1/invoices/{invoice_id}/match.",
        ("POST /v1/invoices/{invoice_id}/exceptions/{exception_id}:resolve",),
    ),
    Refusal(
        "nothing_to_wait_for",
        409,
        "No goods that arrive solve an exception of this kind.",
        "Accept or dispute it, or ask for a credit note.",
        ("POST /v1/invoices/{invoice_id}/exceptions/{exception_id}:resolve",),
    ),
    Refusal(
        "line_counts",
        409,
        "The line is matched, and what it charges counts as invoiced.",
        "Nothing is to be assigned while the invoice is matched.",
        ("POST /v1/invoices/{invoice_id}/lines/{position}:assign",),
    ),
    Refusal(
        "order_line_unknown",
        422,
        "The supplier of the invoice has no order with this line.",
        "Look in GET /v1/purchase-orders?supplier_id=.",
        ("POST /v1/invoices/{invoice_id}/lines/{position}:assign",),
    ),
    Refusal(
        "invoice_duplicate",
        409,
        "The supplier has used the number before, however it is spelled; `invoice_id` says by which.",
        "Compare both. What is another invoice has another number; one that was wrong is rejected first.",
        _INVOICES,
    ),
    Refusal(
        "invoice_unreadable",
        422,
        "The file is no invoice that can be read; `why` says what it is not.",
        "Send UBL 2.1, CII, or a PDF with either inside, without a DOCTYPE.",
        ("POST /v1/invoices:file",),
    ),
    Refusal(
        "invoice_incomplete",
        422,
        "The invoice says no number, no day, no currency, no amounts or no line.",
        "Ask the supplier for an invoice that says what `errors` names.",
        _INVOICES,
    ),
    Refusal(
        "invoice_of_another",
        422,
        "The invoice names its seller by numbers that are not those of this supplier.",
        "Look whose it is, and name that supplier.",
        _INVOICES,
    ),
    Refusal(
        "supplier_not_said",
        422,
        "The invoice names no order of ours, so that it is not known whose it is.",
        "Say the supplier beside it.",
        _INVOICES,
    ),
    Refusal(
        "credit_above_invoice",
        422,
        "The credit note takes back more than is left of its invoice.",
        "Ask the supplier for one over what is left, as `errors` says.",
        _INVOICES,
    ),
    Refusal(
        "currency_of_credit",
        422,
        "The credit note is in another currency than its invoice.",
        "Ask the supplier for one in the invoice's currency.",
        _INVOICES,
    ),
    Refusal(
        "budget_not_found",
        404,
        "No such budget exists.",
        "Look in GET /v1/budgets.",
        ("* /v1/budgets/{budget_id}*",),
    ),
    Refusal(
        "budget_transfer_not_found",
        404,
        "No such transfer exists.",
        "Look in GET /v1/budget-transfers.",
        ("* /v1/budget-transfers/{transfer_id}*",),
    ),
    Refusal(
        "budget_invalid",
        422,
        "The budget is for neither or both of a cost centre and a project, its periods do not follow on each "
        "other, or an approved one would be for something else; `errors` names each.",
        "Correct what is named; for something else, draft another budget.",
        _STATE_BUDGET,
    ),
    Refusal(
        "budgets_overlap",
        409,
        "Another approved budget is for the same thing on some of the same days: `overlaps`.",
        "Change the days of this one, or the amounts of the other.",
        _APPROVE_BUDGET,
    ),
    Refusal(
        "budget_exceeded",
        409,
        "More is wanted than a budget leaves; `exceeded` has the arithmetic of each period.",
        "Want less, transfer an amount to it, or ask who may to override it for the document.",
        (*_APPROVE_BUDGET, *_APPROVE_TRANSFER, *_TAKE),
    ),
    Refusal(
        "budget_closed",
        409,
        "The budget of that day is closed: `budget_id`. Nothing more is taken from it, or given to it.",
        "Take it on a day whose budget is open.",
        (*_APPROVE_TRANSFER, *_REVALUE_BUDGET, *_TAKE),
    ),
    Refusal(
        "budget_not_covered",
        422,
        "No approved budget covers a line, and the policy `budget-control` refuses what none covers.",
        "Have a budget approved for it, or charge it elsewhere; `errors` names each line.",
        _TAKE,
    ),
    Refusal(
        "next_budget_missing",
        409,
        "What is open of the budget goes on to the next one for the same thing, and none is approved.",
        "Have that one approved first.",
        _CLOSE_BUDGET,
    ),
    Refusal(
        "entry_unknown",
        422,
        "The budget's ledger has fewer entries.",
        "Ask as of one that it has; `errors` names the last.",
        ("GET /v1/budgets/{budget_id}/figures",),
    ),
    Refusal(
        "override_invalid",
        422,
        "The amount has more decimals than the budget's currency.",
        "Round it.",
        _OVERRIDE,
    ),
    Refusal(
        "override_not_allowed",
        403,
        "The policy `budget-control` names other roles that may override.",
        "Ask somebody who has one of them.",
        _OVERRIDE,
    ),
    Refusal(
        "transfer_invalid",
        422,
        "Nothing can be transferred so: a budget or a period that does not exist or is not approved, two "
        "currencies, or the same place twice.",
        "Correct what `errors` names.",
        _TRANSFER,
    ),
)
