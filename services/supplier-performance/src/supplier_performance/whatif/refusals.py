"""The codes by which whatif refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "days_untried",
        422,
        "A change is to be tried on days that are yet to come, reversed, or too many.",
        "Let the first day be no later than the last, that no later than today, within 240 months.",
        ("POST /v1/scorecard-templates/{code}:try",),
    ),
)
