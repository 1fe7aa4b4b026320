"""The codes by which taxes refuses."""

from __future__ import annotations

from procurement.operations import AMEND, WRITE_ORDER
from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "tax_codes_not_valid",
        422,
        "The order names a tax code that does not exist, or has no rate on its day.",
        "Name another of GET /v1/tax-codes, or let it be stated: PUT /v1/tax-codes/{code}.",
        (*WRITE_ORDER[:2], *AMEND[:2]),
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
