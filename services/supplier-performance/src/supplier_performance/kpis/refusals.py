"""The codes by which kpis refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from supplier_performance.operations import FIGURES, STATE_TEMPLATE, WATCH

_DEFINE = (
    "POST /v1/kpis/{code}/versions",
    "PUT /v1/kpis/{code}/versions/{number}",
    "POST /v1/kpis/{code}/versions/{number}:activate",
    "POST /v1/scorecard-templates/{code}:try",
)

REFUSALS: tuple[Refusal, ...] = (
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
            "POST /v1/scorecard-templates/{code}:try",
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
        "denominator_missing",
        422,
        "A definition says of what its denominator is, and has none.",
        "State the denominator, or leave out `denominator_of` and `over_all_suppliers`.",
        _DEFINE,
    ),
    Refusal(
        "group_unfit",
        422,
        "Groups of companies are asked for with a supplier's token, or beside a supplier.",
        "Ask for the supplier, or for the group.",
        ("GET /v1/kpis/{code}/figures", "GET /v1/kpis/{code}/evidence"),
    ),
    Refusal(
        "rolling_without_period",
        422,
        "Figures are to roll over periods, and are asked for by what is none.",
        "Ask by `day`, `week`, `month`, `quarter` or `year`.",
        ("GET /v1/kpis/{code}/figures",),
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
        "kpi_unknown",
        422,
        "A template, or an alert rule, names a KPI that there is not.",
        "Look in GET /v1/kpis; one that is drafted holds once it is activated.",
        (*STATE_TEMPLATE, *WATCH),
    ),
    Refusal(
        "kpi_not_told_apart",
        422,
        "The facts of the KPI say nothing of what figures are asked for by.",
        "Look in GET /v1/facts for the columns of its kind of fact.",
        (*FIGURES, *WATCH),
    ),
)
