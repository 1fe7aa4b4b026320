"""The codes by which tenders refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import APPROVE_TENDER, BIDDERS, CHECK_TENDER, COMPLETE_TENDER

_OF_TENDERS = (
    "GET /v1/tenders/{tender_id}*",
    "PUT /v1/tenders/{tender_id}*",
    "POST /v1/tenders/{tender_id}*",
)
_TEAM = ("POST /v1/tenders/{tender_id}/team",)
_DECLARE = ("POST /v1/tenders/{tender_id}:declare-conflict",)
_SHOWN_TO_TEAM = (
    "GET /v1/tenders/{tender_id}/marks",
    "GET /v1/tenders/{tender_id}/evaluation",
    "POST /v1/tenders/{tender_id}:decide-justification",
)
_ASK = ("POST /v1/tenders/{tender_id}/questions",)
_ANSWER = ("POST /v1/tenders/{tender_id}/questions/{question_id}:answer",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "tender_not_found",
        404,
        "No such tender exists, or the caller may not bid for it.",
        "Look in GET /v1/tenders.",
        _OF_TENDERS,
    ),
    Refusal(
        "tender_question_not_found",
        404,
        "The tender has no such question.",
        "Look at its `questions`.",
        (*_ASK, *_ANSWER),
    ),
    Refusal(
        "lot_empty",
        422,
        "A lot has no items.",
        "State what is asked for in it, or leave it out.",
        CHECK_TENDER,
    ),
    Refusal(
        "criterion_malformed",
        422,
        "A criterion lacks what its formula needs, has what it does not, or is a part of itself.",
        "Correct what `errors` names.",
        CHECK_TENDER,
    ),
    Refusal(
        "timetable_wrong",
        422,
        "A tender would close in the past, in an hour that the clocks skip or have twice, or too far away.",
        "Name another moment by the clocks of its time zone.",
        (*CHECK_TENDER, "POST /v1/tenders/{tender_id}:open-round"),
    ),
    Refusal(
        "deadline_shortened",
        422,
        "An amendment would close a tender earlier than bidders were told.",
        "Leave the closing as it is, or name a later one.",
        ("POST /v1/tenders/{tender_id}:amend",),
    ),
    Refusal(
        "bidders_missing",
        422,
        "Too few suppliers are invited to a tender that is not open to all who qualify.",
        "Invite more.",
        COMPLETE_TENDER,
    ),
    Refusal(
        "not_the_lead",
        403,
        "Who does not lead a tender changes nothing of it.",
        "Ask who does; `team` names them.",
        ("PUT /v1/tenders/{tender_id}", "POST /v1/tenders/{tender_id}*"),
    ),
    Refusal(
        "not_of_the_team",
        403,
        "The caller has no part in the tender, or has a conflict of interest in it.",
        "Ask who leads it for one.",
        (*_DECLARE, *_SHOWN_TO_TEAM),
    ),
    Refusal(
        "openers_settled",
        409,
        "The tender was published, and its key split: who opens it, and with which key, does not change.",
        "Where too few are left who can, cancel it and tender anew.",
        (*_TEAM, *_DECLARE),
    ),
    Refusal(
        "opening_key_invalid",
        422,
        "What was stated as an opener's key is no X25519 public key.",
        "Make one: `purveyor tenders make-key`.",
        _DECLARE,
    ),
    Refusal(
        "conflict_declared",
        409,
        "The caller has declared a conflict of interest, which is not taken back.",
        "Let somebody else take the part.",
        _DECLARE,
    ),
    Refusal(
        "bidder_in_team",
        422,
        "Somebody of the team acts for a supplier that may bid.",
        "Let somebody else take their part, or do not invite the supplier.",
        (*_TEAM, *BIDDERS, *APPROVE_TENDER),
    ),
    Refusal(
        "team_too_large",
        422,
        "The team of a tender would have more than 50 people.",
        "Name those who have a part in it.",
        _TEAM,
    ),
    Refusal(
        "supplier_not_qualified",
        422,
        "The supplier is not approved for all that is asked for, or not in the region, or it is blocked.",
        "Qualify it first, or say by which exception it may bid.",
        BIDDERS,
    ),
    Refusal(
        "invited_already",
        409,
        "The supplier is invited already.",
        "Nothing is left to do.",
        BIDDERS,
    ),
    Refusal(
        "too_many_invited",
        422,
        "More than 500 suppliers would be invited by name.",
        "Let the tender be open to all who qualify.",
        BIDDERS,
    ),
    Refusal(
        "factor_malformed",
        422,
        "Factors count more than 30 percent together, or criteria and factors are of another method.",
        "Correct what `errors` names.",
        CHECK_TENDER,
    ),
    Refusal(
        "envelopes_settled",
        422,
        "An amendment would have prices sealed apart that are sealed with the rest, or the reverse.",
        "Leave it as it is, or cancel the tender and publish another.",
        ("POST /v1/tenders/{tender_id}:amend",),
    ),
    Refusal(
        "rounds_begun",
        409,
        "The bids of the tender were opened in an earlier round: what is asked, and of whom, is settled.",
        "Open another round, or cancel the tender and publish another.",
        ("POST /v1/tenders/{tender_id}:amend", *BIDDERS),
    ),
    Refusal(
        "not_in_this_round",
        403,
        "The round is between other bidders; the caller's bid stands as it is.",
        "Nothing is left to do.",
        (*_ASK, "PUT /v1/tenders/{tender_id}/bid", "POST /v1/tenders/{tender_id}:withdraw-bid"),
    ),
    Refusal(
        "evaluators_settled",
        409,
        "The bids are open: who was named to judge them stays so.",
        "Let them declare a conflict of interest where there is one, or name others beside them.",
        _TEAM,
    ),
    Refusal(
        "version_not_in_force",
        422,
        "Another version of the tender holds than the one that was named.",
        "Read the tender again, then confirm what holds.",
        ("POST /v1/tenders/{tender_id}:confirm",),
    ),
    Refusal(
        "questions_ended",
        409,
        "The time for questions is over.",
        "Bid by what is known.",
        _ASK,
    ),
    Refusal(
        "too_many_questions",
        422,
        "The bidder has asked 100 questions.",
        "Bid by what is known.",
        _ASK,
    ),
    Refusal(
        "answered_already",
        409,
        "The question was answered, and all bidders were told.",
        "Amend the tender where the answer was wrong.",
        _ANSWER,
    ),
)
