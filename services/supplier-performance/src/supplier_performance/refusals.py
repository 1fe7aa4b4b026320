"""The codes by which supplier performance refuses, beside those of every service."""

from __future__ import annotations

from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "category_not_found",
        404,
        "Sourcing has told of no category with this code.",
        "Look in GET /v1/categories.",
        ("GET /v1/categories/{code}",),
    ),
    Refusal(
        "supplier_not_found",
        404,
        "No such supplier is known here, or it is not the caller's own.",
        "Look in GET /v1/scorecards.",
        ("GET /v1/suppliers/{supplier_id}*",),
    ),
    Refusal(
        "currency_required",
        422,
        "Values are compared in one currency, and none is named.",
        "Name it: ?currency=EUR.",
        ("GET /v1/scorecards",),
    ),
    Refusal(
        "window_reversed",
        422,
        "The window ends before it begins.",
        "Let `from` be no later than `to`.",
        ("GET /v1/suppliers/{supplier_id}/*", "GET /v1/scorecards"),
    ),
)
