"""The codes by which searches refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import SEARCHES

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "supplier_search_not_found",
        404,
        "There is no such saved search, or it is somebody else's and not shared.",
        "Look in GET /v1/supplier-searches.",
        ("* /v1/supplier-searches/{search_id}*", "GET /v1/suppliers"),
    ),
    Refusal(
        "search_name_taken",
        409,
        "The caller has another search of that name; `supplier_search_id` says which.",
        "Call it otherwise, or change that one.",
        SEARCHES,
    ),
    Refusal(
        "too_many_searches",
        409,
        "The caller has as many saved searches as one person may have.",
        "Delete some.",
        ("POST /v1/supplier-searches",),
    ),
    Refusal(
        "not_your_search",
        403,
        "The search is shared and somebody else's; category managers and admins may delete it, nobody else "
        "change it.",
        "Save one of your own.",
        ("PUT /v1/supplier-searches/{search_id}", "POST /v1/supplier-searches/{search_id}:delete"),
    ),
    Refusal(
        "search_outdated",
        422,
        "The list of suppliers no longer takes what the search asked when it was saved.",
        "Let its owner save it anew.",
        ("GET /v1/suppliers",),
    ),
)
