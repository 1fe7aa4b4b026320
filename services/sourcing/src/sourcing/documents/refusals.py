"""The codes by which documents refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import SUBMIT_DOCUMENT

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "supplier_document_not_found",
        404,
        "No such document exists, or it is not the caller's own.",
        "Look in GET /v1/supplier-documents.",
        ("* /v1/supplier-documents/{document_id}*",),
    ),
    Refusal(
        "document_type_not_found",
        404,
        "No type of document has this code.",
        "Look in GET /v1/document-types.",
        ("GET /v1/document-types/{code}",),
    ),
    Refusal(
        "document_type_unknown",
        422,
        "No type of document has the code that is named.",
        "Name one of GET /v1/document-types, or let a category manager create it.",
        SUBMIT_DOCUMENT,
    ),
    Refusal(
        "document_period",
        422,
        "The document would end before it begins, or has no last day though every one of its type has one.",
        "State the days that stand on it.",
        SUBMIT_DOCUMENT,
    ),
)
