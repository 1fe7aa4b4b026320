"""The codes by which due diligence refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "finding_not_found",
        404,
        "No such finding exists.",
        "Look in GET /v1/due-diligence/findings.",
        ("* /v1/due-diligence/findings/{finding_id}*",),
    ),
    Refusal(
        "measure_not_found",
        404,
        "The finding has no measure of this number.",
        "Read the finding.",
        ("POST /v1/due-diligence/findings/{finding_id}/measures/{number}:complete",),
    ),
    Refusal(
        "complaint_not_found",
        404,
        "No such complaint exists.",
        "Look in GET /v1/due-diligence/complaints.",
        ("* /v1/due-diligence/complaints/{complaint_id}*",),
    ),
    Refusal(
        "due_before_found",
        422,
        "A measure would be due before what it answers was found.",
        "State a later day.",
        ("POST /v1/due-diligence/findings/{finding_id}/measures",),
    ),
)
