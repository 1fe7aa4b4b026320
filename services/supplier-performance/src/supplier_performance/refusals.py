"""The codes by which supplier performance refuses, beside those of every service."""

from __future__ import annotations

from purveyor.refusals import Refusal

_FIGURES = ("GET /v1/kpis/{code}/figures", "GET /v1/kpis/{code}/evidence")
_DEFINE = (
    "POST /v1/kpis/{code}/versions",
    "PUT /v1/kpis/{code}/versions/{number}",
    "POST /v1/kpis/{code}/versions/{number}:activate",
)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "wrong_state",
        409,
        "The status of what it is done to does not allow it; `allowed` says what it does.",
        "Read it again: what was activated never changes, and the next version is drafted.",
        (
            "POST /v1/policies/*:approve",
            "PUT /v1/kpis/{code}/versions/{number}",
            "POST /v1/kpis/{code}/versions/{number}:activate",
        ),
    ),
    Refusal(
        "category_not_found",
        404,
        "Sourcing has told of no category with this code.",
        "Look in GET /v1/categories.",
        ("GET /v1/categories/{code}",),
    ),
    Refusal(
        "kpi_not_found",
        404,
        "There is no KPI with this code.",
        "Look in GET /v1/kpis.",
        (
            "GET /v1/kpis/{code}",
            "GET /v1/kpis/{code}/figures",
            "GET /v1/kpis/{code}/evidence",
            "GET /v1/kpis/{code}/versions*",
        ),
    ),
    Refusal(
        "kpi_version_not_found",
        404,
        "Nobody has written a version of the KPI with this number.",
        "Look in GET /v1/kpis/{code}/versions.",
        ("* /v1/kpis/{code}/versions/{number}*",),
    ),
    Refusal(
        "kpi_drafted",
        409,
        "The next version of the KPI is drafted already; `number` is its.",
        "Change it: PUT /v1/kpis/{code}/versions/{number}.",
        ("POST /v1/kpis/{code}/versions",),
    ),
    Refusal(
        "fact_unknown",
        422,
        "A definition is of a kind of fact that there is not.",
        "Look in GET /v1/facts.",
        _DEFINE,
    ),
    Refusal(
        "column_unknown",
        422,
        "A definition names a column that its kind of fact has not.",
        "Look in GET /v1/facts.",
        _DEFINE,
    ),
    Refusal(
        "types_unlike",
        422,
        "A definition compares, adds up or asks of a column what its type does not allow.",
        "Correct what `errors` names: only values of one type are compared.",
        _DEFINE,
    ),
    Refusal(
        "units_mixed",
        422,
        "A definition mixes units, currencies or units of measure, or its figure is in another than it says.",
        "Correct what `errors` names; a number per fact is a `mean`.",
        _DEFINE,
    ),
    Refusal(
        "quotient_of_quotients",
        422,
        "A mean, a share or a percentile is divided, or divides; each has a denominator of its own.",
        "Leave the denominator out, or divide sums and counts.",
        _DEFINE,
    ),
    Refusal(
        "denominator_never",
        422,
        "No fact can meet the conditions of what is divided by.",
        "Take away the conditions that contradict each other.",
        _DEFINE,
    ),
    Refusal(
        "condition_never",
        422,
        "No fact can meet the conditions of the numerator: the figure would always be zero.",
        "Take away the conditions that contradict each other.",
        _DEFINE,
    ),
    Refusal(
        "kpi_not_told_apart",
        422,
        "The facts of the KPI say nothing of what figures are asked for by.",
        "Look in GET /v1/facts for the columns of its kind of fact.",
        _FIGURES,
    ),
    Refusal(
        "as_of_in_future",
        422,
        "Figures are asked for as of a day that is yet to come.",
        "Ask as of today, or leave `as_of` out.",
        (
            "GET /v1/kpis/{code}/figures",
            "GET /v1/kpis/{code}/evidence",
        ),
    ),
    Refusal(
        "supplier_not_found",
        404,
        "No such supplier is known here, or it is not the caller's own.",
        "Look in GET /v1/scorecards.",
        ("GET /v1/suppliers/{supplier_id}*", *_FIGURES),
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
        ("GET /v1/suppliers/{supplier_id}/*", "GET /v1/scorecards", *_FIGURES),
    ),
)
