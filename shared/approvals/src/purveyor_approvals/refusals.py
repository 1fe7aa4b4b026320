"""The codes by which approvals refuse, beside those of every service."""

from __future__ import annotations

from purveyor.refusals import Refusal

_DECIDING = ("POST /v1/approvals/*",)
_DELEGATING = ("POST /v1/approval-delegations*",)


def refusals(*submitting: str) -> tuple[Refusal, ...]:
    """Return the codes; `submitting` are the operations by which a service's documents are handed in."""
    return (
        Refusal(
            "approval_not_found",
            404,
            "No such approval exists.",
            "Look in GET /v1/approvals.",
            ("GET /v1/approvals/*", *_DECIDING),
        ),
        Refusal(
            "approval_not_covered",
            422,
            "No rule of the approval policy covers the document, and what is not covered is refused.",
            "Let POST /v1/approval-policies:simulate say why, and have a version of the policy decided.",
            submitting,
        ),
        Refusal(
            "nobody_approves",
            422,
            "A step of the approval that the policy wants cannot be taken by anybody; `errors` says why.",
            "State who stands above, raise a limit, or have the policy name somebody else.",
            submitting,
        ),
        Refusal(
            "wrong_state",
            409,
            "The approval is decided or taken back already.",
            "Read it again: its acts say who did that.",
            _DECIDING,
        ),
        Refusal(
            "segregation_of_duties",
            403,
            "Who had a part in a document does not approve it.",
            "Ask a colleague who had none.",
            _DECIDING,
        ),
        Refusal(
            "segregation_of_duties",
            403,
            "Nobody makes themselves the deputy of another.",
            "Let the one whose place it is give it away, or another administrator.",
            ("POST /v1/approval-delegations",),
        ),
        Refusal(
            "not_asked",
            403,
            "No open step of the approval waits for the caller.",
            "Its steps say who is next.",
            _DECIDING,
        ),
        Refusal(
            "approval_limit",
            403,
            "It is more than the caller may approve.",
            "Leave it to somebody with a higher limit.",
            _DECIDING,
        ),
        Refusal(
            "person_left",
            403,
            "The caller is none of the people any more.",
            "Ask an administrator to state until when the person is there.",
            _DECIDING,
        ),
        Refusal(
            "not_an_author",
            403,
            "Only who wrote a document answers what is asked about it.",
            "Let one of its authors answer.",
            ("POST /v1/approvals/*",),
        ),
        Refusal(
            "nothing_asked", 409, "Nothing is asked about the step.", "Read the approval again.", _DECIDING
        ),
        Refusal(
            "step_unknown",
            422,
            "The approval has no step of this number.",
            "Name one of its steps.",
            _DECIDING,
        ),
        Refusal(
            "override_not_permitted",
            403,
            "The policy does not let the caller approve past the steps.",
            "Let the steps be taken, or have a version of the policy name a group that may.",
            _DECIDING,
        ),
        Refusal(
            "not_your_own",
            403,
            "A place in approvals is given away and taken back by who has it.",
            "Let that person do it, or an administrator.",
            _DELEGATING,
        ),
        Refusal(
            "delegation_not_possible",
            422,
            "Nobody can be a deputy so; `errors` says why.",
            "Name a deputy who is there in all of these days and may approve.",
            ("POST /v1/approval-delegations",),
        ),
        Refusal(
            "delegation_circle",
            422,
            "The deputies would go round in a circle.",
            "Name somebody whose place does not come back to who gives it away.",
            ("POST /v1/approval-delegations",),
        ),
        Refusal(
            "delegation_not_found",
            404,
            "No such delegation exists.",
            "Look in GET /v1/approval-delegations.",
            ("POST /v1/approval-delegations/*",),
        ),
        Refusal(
            "wrong_state",
            409,
            "The delegation is over already.",
            "Nothing is to be done.",
            ("POST /v1/approval-delegations/*",),
        ),
    )


REFUSALS = refusals()
