"""The codes by which files refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import SUBMIT_DOCUMENT

_WITH_FILES = ("PUT /v1/qualification-cases/{case_id}/answers", *SUBMIT_DOCUMENT)
"""Operations that take files by their ids, as `sourcing.files.commands.claim` does."""

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "file_not_found",
        404,
        "No such file exists, or it is not the caller's own.",
        "Upload it: POST /v1/files.",
        ("* /v1/files/{file_id}*",),
    ),
    Refusal(
        "file_content_gone",
        410,
        "The file was deleted: its record is kept, its content is not.",
        "Upload it again, if it is needed.",
        ("GET /v1/files/{file_id}/content",),
    ),
    Refusal(
        "file_lost",
        409,
        "The file took so long to be kept that it was given up.",
        "Send it again.",
        ("POST /v1/files",),
    ),
    Refusal(
        "file_in_use",
        403,
        "A file that something has as evidence is deleted by a category manager or an admin.",
        "Let one of them do it.",
        ("POST /v1/files/{file_id}:delete",),
    ),
    Refusal(
        "file_kept",
        409,
        "A document that is submitted or accepted, or a case that is open or holds, rests on the file.",
        "Withdraw that first; the answer names it.",
        ("POST /v1/files/{file_id}:delete",),
    ),
    Refusal(
        "file_unknown",
        422,
        "A file that is named does not exist, or is not the caller's own.",
        "Upload it first: POST /v1/files.",
        _WITH_FILES,
    ),
    Refusal(
        "file_deleted",
        422,
        "A file that is named was deleted, or waited longer than a day for something that takes it.",
        "Upload it again.",
        _WITH_FILES,
    ),
    Refusal(
        "file_of_another",
        422,
        "A file that is named is not the supplier's, and was sent by somebody else or is kept elsewhere.",
        "Upload one for this supplier.",
        _WITH_FILES,
    ),
)
