"""The codes by which items refuses."""

from __future__ import annotations

from procurement.operations import AMEND, REQUEST, WRITE_ORDER
from purveyor.refusals import ELSEWHERE, Refusal

_ITEMS = ("PUT /v1/items/{code}", "POST /v1/items:bulk")

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "category_not_found",
        404,
        "Sourcing has told of no category with this code.",
        "Look in GET /v1/categories.",
        ("GET /v1/categories/{code}",),
    ),
    Refusal(
        "items_not_valid",
        422,
        "Lines say of their items what is not so: a retired one, another category, a unit that it does not "
        "convert to, or no item where the policy `items-required` asks for one.",
        "Correct what `errors` names, or define the item: PUT /v1/items/{code}.",
        (*WRITE_ORDER, *AMEND[:2], *REQUEST),
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
        "item_not_found",
        404,
        "No item has this code.",
        "Look in GET /v1/items.",
        ("GET /v1/items/{code}",),
    ),
)
