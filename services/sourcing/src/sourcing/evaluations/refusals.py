"""The codes by which evaluations refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

_GIVE = ("POST /v1/tenders/{tender_id}/marks",)
_EXPLAIN = ("POST /v1/tenders/{tender_id}:explain-marks",)
_RANK = ("POST /v1/tenders/{tender_id}:evaluate",)
_JUDGED = ("POST /v1/tenders/{tender_id}:close-technical", *_RANK)
_JUSTIFY = ("PUT /v1/tenders/{tender_id}/justification",)
_DECIDE = ("POST /v1/tenders/{tender_id}:decide-justification",)
_COMPLETE = ("POST /v1/tenders/{tender_id}:complete-evaluation",)
_ROUND = ("POST /v1/tenders/{tender_id}:open-round",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "evaluation_not_found",
        404,
        "The bids of the tender, or of that round, are not evaluated.",
        "Wait for the event EvaluationCompleted.",
        (
            "GET /v1/tenders/{tender_id}/evaluation",
            "GET /v1/tenders/{tender_id}/own-result",
            *_DECIDE,
            *_COMPLETE,
            *_ROUND,
        ),
    ),
    Refusal(
        "evaluation_mark_not_found",
        404,
        "The caller gave no such mark.",
        "Look at GET /v1/tenders/{tender_id}/marks.",
        _EXPLAIN,
    ),
    Refusal(
        "justification_not_found",
        404,
        "Nobody asks for a justification of that bid for that lot.",
        "Look at the result, which says what is to be justified.",
        (*_JUSTIFY, *_DECIDE),
    ),
    Refusal(
        "not_an_evaluator",
        403,
        "The caller is not named to judge the bids, or has not declared to have no conflict of interest.",
        "Ask who leads the tender.",
        (*_GIVE, *_EXPLAIN),
    ),
    Refusal(
        "marks_given_already",
        409,
        "The caller has given their marks, or they were given in the first round: they stand.",
        "Explain those that lie far off.",
        _GIVE,
    ),
    Refusal(
        "marks_incomplete",
        422,
        "Marks are missing, given twice, or of what is not judged by people.",
        "Give one of each bid that counts by each criterion that is scored.",
        _GIVE,
    ),
    Refusal(
        "marks_missing",
        409,
        "Fewer evaluators have given their marks than the policy `tendering` wants.",
        "Name more, or wait for them.",
        _JUDGED,
    ),
    Refusal(
        "outliers_unexplained",
        409,
        "Marks lie far off the median of what others gave, and who gave them has not said why.",
        "Let them explain: POST /v1/tenders/{tender_id}:explain-marks.",
        _JUDGED,
    ),
    Refusal(
        "prices_sealed",
        409,
        "The prices lie in envelopes of their own, which are not opened yet.",
        "Close the technical ones, then let the openers open them.",
        _RANK,
    ),
    Refusal(
        "justification_late",
        409,
        "The time to justify the bid is over, or it was decided.",
        "Nothing is left to do.",
        _JUSTIFY,
    ),
    Refusal(
        "justification_awaited",
        409,
        "The bidder has not justified its bid, and has time left; without a word of it nothing is accepted.",
        "Wait for it, or until it is due.",
        _DECIDE,
    ),
    Refusal(
        "justification_decided",
        409,
        "Whether the bid may win was decided.",
        "Read the evaluation.",
        _DECIDE,
    ),
    Refusal(
        "justification_open",
        409,
        "A bid is abnormally low, and its justification is awaited, or nobody has decided on it.",
        "Wait until it is due, or let somebody of the team decide.",
        _COMPLETE,
    ),
    Refusal(
        "no_further_round",
        409,
        "Nobody has a place in any lot, or ten rounds were played.",
        "Award it, or cancel it.",
        _ROUND,
    ),
)
