"""The codes by which league refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "currency_required",
        422,
        "Values are compared in one currency, and none is named.",
        "Name it: ?currency=EUR.",
        ("GET /v1/scorecards",),
    ),
)
