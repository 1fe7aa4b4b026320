"""The codes by which intake refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "need_not_found",
        404,
        "No such need was said.",
        "Look in GET /v1/intake.",
        ("* /v1/intake/{need_id}*",),
    ),
)
