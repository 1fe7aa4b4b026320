"""The codes by which alerts refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from supplier_performance.operations import TRY_RULE, WATCH

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "alert_not_found",
        404,
        "There is no alert with this id.",
        "Look in GET /v1/alerts.",
        ("* /v1/alerts/{alert_id}*",),
    ),
    Refusal(
        "alert_rule_not_found",
        404,
        "There is no alert rule with this code that rings, or none at all.",
        "Look in GET /v1/alert-rules, or at its versions.",
        (
            "GET /v1/alert-rules/{code}",
            "GET /v1/alert-rules/{code}/versions*",
        ),
    ),
    Refusal(
        "alert_rule_version_not_found",
        404,
        "Nobody has written a version of the alert rule with this number.",
        "Look in GET /v1/alert-rules/{code}/versions.",
        ("* /v1/alert-rules/{code}/versions/{number}*",),
    ),
    Refusal(
        "rule_drafted",
        409,
        "The next version of the alert rule is drafted already; `number` is its.",
        "Change it: PUT /v1/alert-rules/{code}/versions/{number}.",
        ("POST /v1/alert-rules/{code}/versions",),
    ),
    Refusal(
        "rule_untried",
        409,
        "An alert rule is to ring that was not tried on history as it is now.",
        "Try it first: POST /v1/alert-rules/{code}/versions/{number}:try.",
        ("POST /v1/alert-rules/{code}/versions/{number}:activate",),
    ),
    Refusal(
        "hysteresis_reversed",
        422,
        "A threshold would be recovered at a level that is worse than the one at which it breaches.",
        "Let `recover_at` be as good as `breach_at` or better; which way is better, the KPI says.",
        WATCH,
    ),
    Refusal(
        "trial_window",
        422,
        "No period of the rule, or more than sixty, ended between the days on which it is to be tried.",
        "Choose other days, or longer periods.",
        (TRY_RULE,),
    ),
    Refusal(
        "snoozed_until_past",
        422,
        "An alert is to press nobody until a day that is over.",
        "Snooze until today or later.",
        ("POST /v1/alerts/{alert_id}:snooze",),
    ),
)
