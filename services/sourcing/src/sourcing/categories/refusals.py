"""The codes by which categories refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

_WRITE = ("POST /v1/suppliers", "PUT /v1/suppliers/{supplier_id}")
_CATEGORY = ("PUT /v1/categories/{code}",)
_CATEGORIES = (*_CATEGORY, "POST /v1/categories:bulk")
_CATEGORY_MOVES = ("POST /v1/categories/{code}:*",)
_DOCUMENT_TYPE = "PUT /v1/document-types/{code}"
_INVITE = ("POST /v1/supplier-invitations", "POST /v1/supplier-invitations/{invitation_id}:*")
_CHANGES = ("PUT /v1/supplier-changes/{change_id}", "POST /v1/supplier-changes/{change_id}:*")
_STATE_TENDER = ("POST /v1/tenders", "PUT /v1/tenders/{tender_id}", "POST /v1/tenders/{tender_id}:amend")
_APPROVE_TENDER = ("POST /v1/tenders/{tender_id}:approve",)
_CHECK_TENDER = (*_STATE_TENDER, *_APPROVE_TENDER)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "category_not_found",
        404,
        "No category has this code.",
        "Look in GET /v1/categories.",
        ("GET /v1/categories/{code}*", *_CATEGORY_MOVES),
    ),
    Refusal(
        "category_unknown",
        422,
        "No category has a code; `errors` names codes that are like it.",
        "Use one of those, or create the category first.",
        (*_WRITE, *_CATEGORIES, *_INVITE, *_CHANGES, _DOCUMENT_TYPE, *_CHECK_TENDER),
    ),
    Refusal(
        "category_retired",
        422,
        "A category was retired: no supplier offers it or is approved for it anew, and nothing is put in it.",
        "Use another, or reinstate it: POST /v1/categories/{code}:reinstate.",
        (
            *_CHECK_TENDER,
            *_WRITE,
            "POST /v1/suppliers/{supplier_id}:approve",
            *_CATEGORIES,
            *_CATEGORY_MOVES,
            *_INVITE,
            *_CHANGES,
            _DOCUMENT_TYPE,
        ),
    ),
    Refusal(
        "category_circular",
        422,
        "A category would lie in itself, or deeper than 20 levels.",
        "Move what stands in the way first, or choose another parent.",
        (*_CATEGORIES, *_CATEGORY_MOVES),
    ),
    Refusal(
        "category_invalid",
        422,
        "A category has two names in one language, or a new one a code with capitals.",
        "Correct what `errors` names.",
        _CATEGORIES,
    ),
    Refusal(
        "category_in_use",
        409,
        "Categories lie in this one that are not retired; `categories` says which.",
        "Retire or move them first.",
        ("POST /v1/categories/{code}:retire",),
    ),
)
