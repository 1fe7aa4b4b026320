"""The codes by which contracts refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

_AT = "/v1/contracts/{contract_id}"
_STATE = ("POST /v1/contracts", f"PUT {_AT}", f"POST {_AT}:amend")
_HOLD = (f"POST {_AT}:submit", f"POST {_AT}:sign")
_CHECK = (*_STATE, *_HOLD)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "contract_not_found",
        404,
        "No such contract exists, or the caller is no party to it.",
        "Look in GET /v1/contracts.",
        (f"GET {_AT}", f"PUT {_AT}", f"POST {_AT}*"),
    ),
    Refusal(
        "contract_term_wrong",
        422,
        "A contract would end before it begins, or have ended, or run for more than 20 years; or what is due "
        "lies outside of it; or a renewal would not make it longer.",
        "Correct what `errors` names.",
        (*_CHECK, f"POST {_AT}:renew"),
    ),
    Refusal(
        "renewal_wrong",
        422,
        "A contract that goes on by itself says by how much and until when either side can say no; one that "
        "does not says nothing of it.",
        "Correct what `errors` names.",
        (*_CHECK, f"POST {_AT}:renew"),
    ),
    Refusal(
        "ceiling_missing",
        422,
        "A contract of a fixed value or quantity does not say how much that is.",
        "State what `errors` names.",
        _CHECK,
    ),
    Refusal(
        "tiers_malformed",
        422,
        "Tiers of a price overlap, leave a hole, or have neither a price nor a discount.",
        "Let each begin where the one before it ends, the last without an end.",
        _CHECK,
    ),
    Refusal(
        "price_repeated",
        422,
        "Two lines of a price list price the same on one day, or a line holds on none.",
        "Let one end before the other begins, or leave it out.",
        _CHECK,
    ),
    Refusal(
        "amendment_wrong",
        422,
        "An amendment would change what a running contract began with.",
        "Leave it as it is, or conclude another contract.",
        (f"POST {_AT}:amend", f"POST {_AT}:sign"),
    ),
    Refusal(
        "party_not_approved",
        422,
        "A party is unknown, blocked, of another group, or not approved for all that is priced.",
        "Qualify it first, or leave out what it may not deliver.",
        ("POST /v1/contracts", f"PUT {_AT}", *_HOLD),
    ),
    Refusal(
        "priced_elsewhere",
        422,
        "Another contract of a party prices the same thing on the same day.",
        "Amend that one, give notice of it where it goes on by itself, or let this one begin after it.",
        _HOLD,
    ),
    Refusal(
        "notice_not_possible",
        409,
        "The contract does not go on by itself, or the last day for notice has passed.",
        "Terminate it, where it is to end earlier.",
        (f"POST {_AT}:give-notice",),
    ),
)
