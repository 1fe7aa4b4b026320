"""The codes by which categories refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import CATEGORIES, CATEGORY_MOVES, CHANGES, CHECK_TENDER, INVITE, WRITE_SUPPLIER

_DOCUMENT_TYPE = "PUT /v1/document-types/{code}"

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "category_not_found",
        404,
        "No category has this code.",
        "Look in GET /v1/categories.",
        ("GET /v1/categories/{code}*", *CATEGORY_MOVES),
    ),
    Refusal(
        "category_unknown",
        422,
        "No category has a code; `errors` names codes that are like it.",
        "Use one of those, or create the category first.",
        (*WRITE_SUPPLIER, *CATEGORIES, *INVITE, *CHANGES, _DOCUMENT_TYPE, *CHECK_TENDER),
    ),
    Refusal(
        "category_retired",
        422,
        "A category was retired: no supplier offers it or is approved for it anew, and nothing is put in it.",
        "Use another, or reinstate it: POST /v1/categories/{code}:reinstate.",
        (
            *CHECK_TENDER,
            *WRITE_SUPPLIER,
            "POST /v1/suppliers/{supplier_id}:approve",
            *CATEGORIES,
            *CATEGORY_MOVES,
            *INVITE,
            *CHANGES,
            _DOCUMENT_TYPE,
        ),
    ),
    Refusal(
        "category_circular",
        422,
        "A category would lie in itself, or deeper than 20 levels.",
        "Move what stands in the way first, or choose another parent.",
        (*CATEGORIES, *CATEGORY_MOVES),
    ),
    Refusal(
        "category_invalid",
        422,
        "A category has two names in one language, or a new one a code with capitals.",
        "Correct what `errors` names.",
        CATEGORIES,
    ),
    Refusal(
        "category_in_use",
        409,
        "Categories lie in this one that are not retired; `categories` says which.",
        "Retire or move them first.",
        ("POST /v1/categories/{code}:retire",),
    ),
)
