"""The codes by which supplier performance refuses, beside those of every service.

Each feature states its own, in its `refusals.py`.
"""

from __future__ import annotations

from purveyor.refusals import Refusal
from supplier_performance.alerts.refusals import REFUSALS as OF_ALERTS
from supplier_performance.answers.refusals import REFUSALS as OF_ANSWERS
from supplier_performance.disputes.refusals import REFUSALS as OF_DISPUTES
from supplier_performance.kpis.refusals import REFUSALS as OF_KPIS
from supplier_performance.league.refusals import REFUSALS as OF_LEAGUE
from supplier_performance.operations import FIGURES, STATE_TEMPLATE, TRY_RULE, WATCH
from supplier_performance.templates.refusals import REFUSALS as OF_TEMPLATES
from supplier_performance.whatif.refusals import REFUSALS as OF_WHATIF

_SHARED = "GET /v1/metrics/shared"

_OF_SEVERAL: tuple[Refusal, ...] = (
    Refusal(
        "wrong_state",
        409,
        "The status of what it is done to does not allow it; `allowed` says what it does.",
        "Read it again: what was activated never changes, and the next version is drafted.",
        (
            "POST /v1/policies/*:approve",
            "POST /v1/alerts/{alert_id}:*",
            "PUT /v1/alert-rules/{code}/versions/{number}",
            "POST /v1/alert-rules/{code}/versions/{number}:*",
            "PUT /v1/kpis/{code}/versions/{number}",
            "POST /v1/kpis/{code}/versions/{number}:activate",
            "PUT /v1/scorecard-templates/{code}/versions/{number}",
            "POST /v1/scorecard-templates/{code}/versions/{number}:activate",
            "POST /v1/disputes/{dispute_id}:*",
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
        "category_unknown",
        422,
        "A template, or an alert rule, is of a category that sourcing has not told of.",
        "Look in GET /v1/categories.",
        (*STATE_TEMPLATE, *WATCH),
    ),
    Refusal(
        "as_of_in_future",
        422,
        "Figures are asked for as of a day that is yet to come.",
        "Ask as of today, or leave `as_of` out.",
        (*FIGURES, _SHARED, "GET /v1/suppliers/{supplier_id}/scorecard"),
    ),
    Refusal(
        "supplier_not_found",
        404,
        "No such supplier is known here, or it is not the caller's own.",
        "Look in GET /v1/scorecards.",
        ("* /v1/suppliers/{supplier_id}*", *FIGURES, _SHARED),
    ),
    Refusal(
        "window_reversed",
        422,
        "The window ends before it begins.",
        "Let `from` be no later than `to`.",
        ("GET /v1/suppliers/{supplier_id}/*", "GET /v1/scorecards", *FIGURES, _SHARED, TRY_RULE),
    ),
)
"""What several features refuse by, and what no feature but the service does."""

REFUSALS: tuple[Refusal, ...] = (
    *_OF_SEVERAL,
    *OF_ALERTS,
    *OF_ANSWERS,
    *OF_DISPUTES,
    *OF_KPIS,
    *OF_LEAGUE,
    *OF_TEMPLATES,
    *OF_WHATIF,
)
