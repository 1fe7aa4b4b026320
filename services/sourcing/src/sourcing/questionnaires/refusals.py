"""The codes by which questionnaires refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import STATE_QUESTIONS

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "questionnaire_not_found",
        404,
        "No such edition of a questionnaire exists.",
        "Look in GET /v1/questionnaires.",
        ("* /v1/questionnaires/{questionnaire_id}*", "POST /v1/qualification-cases"),
    ),
    Refusal(
        "edition_drafted",
        409,
        "The next edition of the questionnaire is drafted already; `questionnaire_id` is that one.",
        "Change it: PUT /v1/questionnaires/{questionnaire_id}.",
        ("POST /v1/questionnaires",),
    ),
    Refusal(
        "question_malformed",
        422,
        "A question has fields that only another kind has, or lacks one that its kind needs.",
        "Correct what `errors` names.",
        STATE_QUESTIONS,
    ),
    Refusal(
        "questions_circular",
        422,
        "A question is shown only when it was answered itself, by way of others perhaps.",
        "Let it wait for another question, or for none.",
        STATE_QUESTIONS,
    ),
    Refusal(
        "condition_unmet",
        422,
        "A question waits for one that comes later, does not exist or has no such answer.",
        "Let it wait for a question before it, and for answers of that one.",
        STATE_QUESTIONS,
    ),
    Refusal(
        "pass_mark_wrong",
        422,
        "A questionnaire with weights has no pass mark, one without has one, or the marks are reversed.",
        "State from which results on a supplier qualifies, and qualifies with conditions.",
        STATE_QUESTIONS,
    ),
)
