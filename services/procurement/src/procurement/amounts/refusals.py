"""The codes by which amounts refuses."""

from __future__ import annotations

from purveyor.refusals import ELSEWHERE, Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "nothing_to_spread_over",
        422,
        "An amount is to be spread over lines of which none has a share.",
        "Spread it by something else, such as the lines' values.",
        ELSEWHERE,
    ),
    Refusal(
        "share_negative",
        422,
        "An amount is to be spread by a share below zero.",
        "State shares of zero and above.",
        ELSEWHERE,
    ),
)
