"""The codes by which taxes refuses."""

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

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "tax_codes_not_valid",
        422,
        "The order names a tax code that does not exist, or has no rate on its day.",
        "Name another of GET /v1/tax-codes, or let it be stated: PUT /v1/tax-codes/{code}.",
        (*_WRITE[:2], *_AMEND[:2]),
    ),
    Refusal(
        "tax_code_invalid",
        422,
        "The tax code contradicts itself; `errors` names what.",
        "State each period once, the earliest first, with rates that its category has.",
        ("PUT /v1/tax-codes/{code}",),
    ),
    Refusal(
        "tax_code_not_found",
        404,
        "No tax code has this code.",
        "Look in GET /v1/tax-codes.",
        ("GET /v1/tax-codes/{code}",),
    ),
)
