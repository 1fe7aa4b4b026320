"""The codes by which duplicates refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "possible_duplicate_not_found",
        404,
        "No such pair is kept: its names resemble each other no more.",
        "Look in GET /v1/possible-duplicates.",
        ("* /v1/possible-duplicates/{pair_id}*",),
    ),
)
