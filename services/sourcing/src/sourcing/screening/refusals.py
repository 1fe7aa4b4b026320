"""The codes by which screening refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

_LOAD = ("POST /v1/screening-lists/{code}:load",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "screening_hit_not_found",
        404,
        "No such hit exists.",
        "Look in GET /v1/screening-hits.",
        ("* /v1/screening-hits/{hit_id}*",),
    ),
    Refusal(
        "screening_list_version_not_found",
        404,
        "The list has no such version, or there is no such list.",
        "Look in GET /v1/screening-lists/{code}/versions.",
        ("GET /v1/screening-lists/{code}/versions/{number}/broken-rows",),
    ),
    Refusal(
        "list_is_being_loaded",
        409,
        "Another file of this list is arriving; one that has brought nothing for two minutes is given up.",
        "Wait until it has ended, and send this one if it is newer.",
        _LOAD,
    ),
    Refusal(
        "list_refused",
        422,
        "The file has too many rows that cannot be read, names nobody, or lacks too many entries of the "
        "version before, which stays in force; `version` is the file's.",
        "Read its broken rows; with `may_shrink=true` entries may be gone. Limits: policy `screening`.",
        _LOAD,
    ),
)
