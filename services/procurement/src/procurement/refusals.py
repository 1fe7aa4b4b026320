"""The codes by which procurement refuses, beside those of every service."""

from __future__ import annotations

from purveyor.refusals import ELSEWHERE, Refusal

_WRITE = ("POST /v1/purchase-orders", "PUT /v1/purchase-orders/{order_id}")
_IMPORT = ("POST /v1/purchase-orders:import",)
_RECEIVE = ("POST /v1/purchase-orders/{order_id}/receipts",)
_RECEIPTS = ("POST /v1/goods-receipts:import",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "wrong_state",
        409,
        "The order's status does not allow this; `allowed` says which ones do.",
        "Read the order again.",
        ("POST /v1/purchase-orders/{order_id}*", "PUT /v1/purchase-orders/{order_id}", *_IMPORT, *_RECEIPTS),
    ),
    Refusal(
        "purchase_order_not_found",
        404,
        "No such order exists, or it is another supplier's.",
        "Look in GET /v1/purchase-orders.",
        ("* /v1/purchase-orders/{order_id}*",),
    ),
    Refusal(
        "goods_receipt_not_found",
        404,
        "No such receipt exists, or it is another supplier's.",
        "Look in GET /v1/goods-receipts.",
        ("GET /v1/goods-receipts/{receipt_id}",),
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
        (*_WRITE, *_IMPORT),
    ),
    Refusal(
        "supplier_not_approved",
        422,
        "The supplier may not be ordered from: it is not approved, or not for the category of each line that "
        "`errors` names.",
        "Let sourcing approve it, or order elsewhere.",
        ("POST /v1/purchase-orders/{order_id}:issue",),
    ),
    Refusal(
        "site_unknown",
        422,
        "The order names a site that does not exist.",
        "Create it: PUT /v1/sites/{code}.",
        (*_WRITE, *_IMPORT),
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
        "despatch_already_received",
        409,
        "This delivery note was received for the order already.",
        "Send nothing more; `another_delivery` says that other goods came under the same note.",
        _RECEIVE,
    ),
)
