"""Operations that several features name where they say at which ones they refuse."""

from __future__ import annotations

FIGURES = ("GET /v1/kpis/{code}/figures", "GET /v1/kpis/{code}/evidence")
STATE_TEMPLATE = (
    "POST /v1/scorecard-templates/{code}/versions",
    "PUT /v1/scorecard-templates/{code}/versions/{number}",
    "POST /v1/scorecard-templates/{code}/versions/{number}:activate",
    "POST /v1/scorecard-templates/{code}:try",
)
TRY_RULE = "POST /v1/alert-rules/{code}/versions/{number}:try"
WATCH = (
    "POST /v1/alert-rules/{code}/versions",
    "PUT /v1/alert-rules/{code}/versions/{number}",
    TRY_RULE,
    "POST /v1/alert-rules/{code}/versions/{number}:activate",
)
