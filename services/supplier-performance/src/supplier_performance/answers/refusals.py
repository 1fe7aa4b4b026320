"""The codes by which answers refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "question_unknown",
        422,
        "No scorecard template in force asks the question.",
        "Look in GET /v1/scorecard-templates.",
        ("POST /v1/suppliers/{supplier_id}/answers",),
    ),
    Refusal(
        "period_not_over",
        422,
        "An answer is about a period that is not over yet.",
        "Let `period_ends_on` be no later than today.",
        ("POST /v1/suppliers/{supplier_id}/answers",),
    ),
)
