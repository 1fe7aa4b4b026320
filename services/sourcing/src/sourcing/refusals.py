"""The codes by which sourcing refuses, beside those of every service."""

from __future__ import annotations

from purveyor.refusals import Refusal

_WRITE = ("POST /v1/suppliers", "PUT /v1/suppliers/{supplier_id}")
_IMPORT = ("POST /v1/suppliers:import",)
_ACT = ("POST /v1/suppliers/{supplier_id}:*",)
_CATEGORY = ("PUT /v1/categories/{code}",)
_CATEGORIES = (*_CATEGORY, "POST /v1/categories:bulk")
_CATEGORY_MOVES = ("POST /v1/categories/{code}:*",)
_WITH_FILES: tuple[str, ...] = ()
"""Operations that take files by their ids, as `sourcing.files.commands.claim` does."""
_DECIDE = ("POST /v1/supplier-reviews/{review_id}:decide",)
_STATE_QUESTIONS = ("POST /v1/questionnaires", "PUT /v1/questionnaires/{questionnaire_id}")

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "wrong_state",
        409,
        "The status of what it is done to does not allow it; `allowed` says what it does.",
        "Read it again.",
        (
            *_ACT,
            *_DECIDE,
            "PUT /v1/suppliers/{supplier_id}",
            *_IMPORT,
            "PUT /v1/questionnaires/{questionnaire_id}",
            "POST /v1/questionnaires/{questionnaire_id}:*",
            *_CATEGORIES,
            *_CATEGORY_MOVES,
            "POST /v1/files/{file_id}:delete",
        ),
    ),
    Refusal(
        "supplier_not_found",
        404,
        "No such supplier exists, or it is not the caller's own.",
        "Look in GET /v1/suppliers.",
        ("* /v1/suppliers/{supplier_id}*",),
    ),
    Refusal(
        "supplier_review_not_found",
        404,
        "No such review exists.",
        "Look in GET /v1/supplier-reviews.",
        ("* /v1/supplier-reviews/{review_id}*",),
    ),
    Refusal(
        "identifier_taken",
        409,
        "Another supplier has this tax number, DUNS, LEI, GLN or participant; `number` is that supplier.",
        "Use that supplier, or correct the number.",
        (*_WRITE, *_ACT, *_IMPORT),
    ),
    Refusal(
        "external_reference_taken",
        409,
        "Another supplier has this reference of the other system.",
        "Use that supplier.",
        ("POST /v1/suppliers",),
    ),
    Refusal(
        "taken_meanwhile",
        409,
        "Another request registered a supplier with the same number or reference at this moment.",
        "Send the row again: it is then told which supplier that is.",
        _IMPORT,
    ),
    Refusal(
        "identifier_invalid",
        422,
        "A number breaks its scheme's rule: its length, its check digit, its country.",
        "Correct what `errors` names.",
        (*_WRITE, *_IMPORT),
    ),
    Refusal(
        "details_missing",
        422,
        "What a decision needs to know of a supplier is not stated yet; `errors` names it.",
        "State it: PUT /v1/suppliers/{supplier_id}.",
        ("POST /v1/suppliers/{supplier_id}:submit", *_IMPORT),
    ),
    Refusal(
        "country_required",
        422,
        "A supplier that was imported without a country has to have one before it is changed.",
        "Say which.",
        ("PUT /v1/suppliers/{supplier_id}",),
    ),
    Refusal(
        "category_not_found",
        404,
        "No category has this code.",
        "Look in GET /v1/categories.",
        ("GET /v1/categories/{code}*", *_CATEGORY_MOVES),
    ),
    Refusal(
        "category_unknown",
        422,
        "No category has a code; `errors` names codes that are like it.",
        "Use one of those, or create the category first.",
        (*_WRITE, *_CATEGORIES),
    ),
    Refusal(
        "category_retired",
        422,
        "A category was retired: no supplier offers it or is approved for it anew, and nothing is put in it.",
        "Use another, or reinstate it: POST /v1/categories/{code}:reinstate.",
        (*_WRITE, "POST /v1/suppliers/{supplier_id}:approve", *_CATEGORIES, *_CATEGORY_MOVES),
    ),
    Refusal(
        "category_circular",
        422,
        "A category would lie in itself, or deeper than 20 levels.",
        "Move what stands in the way first, or choose another parent.",
        _CATEGORIES,
    ),
    Refusal(
        "category_invalid",
        422,
        "A category has two names in one language, or a new one a code with capitals.",
        "Correct what `errors` names.",
        _CATEGORIES,
    ),
    Refusal(
        "category_in_use",
        409,
        "Categories lie in this one that are not retired; `categories` says which.",
        "Retire or move them first.",
        ("POST /v1/categories/{code}:retire",),
    ),
    Refusal(
        "category_approved",
        422,
        "The supplier is approved for a category that it would not offer any more.",
        "Leave it among its categories, or let the approval end first.",
        ("PUT /v1/suppliers/{supplier_id}",),
    ),
    Refusal(
        "category_not_offered",
        422,
        "The supplier does not offer a category that it would be approved for.",
        "Approve it for what it offers, or change what that is.",
        ("POST /v1/suppliers/{supplier_id}:approve", *_IMPORT),
    ),
    Refusal(
        "expired",
        422,
        "The approval would have ended already.",
        "State a day to come.",
        ("POST /v1/suppliers/{supplier_id}:approve",),
    ),
    Refusal(
        "registered_in_future",
        422,
        "The day on which the supplier was registered is to come.",
        "State the day on which it was.",
        _IMPORT,
    ),
    Refusal(
        "nobody_told",
        422,
        "A reason for the supplier was given, and nobody tells a supplier of this decision.",
        "Leave `reason_for_supplier` out.",
        _DECIDE,
    ),
    Refusal(
        "query_empty",
        422,
        "The search has no letters and no digits.",
        "Search for words.",
        ("GET /v1/suppliers",),
    ),
    Refusal(
        "questionnaire_not_found",
        404,
        "No such edition of a questionnaire exists.",
        "Look in GET /v1/questionnaires.",
        ("* /v1/questionnaires/{questionnaire_id}*",),
    ),
    Refusal(
        "edition_drafted",
        409,
        "The next edition of the questionnaire is drafted already; `questionnaire_id` is that one.",
        "Change it: PUT /v1/questionnaires/{questionnaire_id}.",
        ("POST /v1/questionnaires",),
    ),
    Refusal(
        "codes_repeated",
        422,
        "Two sections, questions, options or columns have the same code, or there are too many questions.",
        "Give each its own.",
        _STATE_QUESTIONS,
    ),
    Refusal(
        "question_malformed",
        422,
        "A question has fields that only another kind has, or lacks one that its kind needs.",
        "Correct what `errors` names.",
        _STATE_QUESTIONS,
    ),
    Refusal(
        "questions_circular",
        422,
        "A question is shown only when it was answered itself, by way of others perhaps.",
        "Let it wait for another question, or for none.",
        _STATE_QUESTIONS,
    ),
    Refusal(
        "condition_unmet",
        422,
        "A question waits for one that comes later, does not exist or has no such answer.",
        "Let it wait for a question before it, and for answers of that one.",
        _STATE_QUESTIONS,
    ),
    Refusal(
        "weights_do_not_add_up",
        422,
        "The weights of the sections, or of a section's questions, are not 100 in all.",
        "Let those that are stated add up to 100.",
        _STATE_QUESTIONS,
    ),
    Refusal(
        "pass_mark_wrong",
        422,
        "A questionnaire with weights has no pass mark, one without has one, or the marks are reversed.",
        "State from which results on a supplier qualifies, and qualifies with conditions.",
        _STATE_QUESTIONS,
    ),
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
        "A file that is named belongs to another supplier.",
        "Upload one for this supplier.",
        _WITH_FILES,
    ),
)
