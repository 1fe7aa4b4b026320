"""The codes by which onboarding refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import DECIDE_CHANGE

_ACCEPT = ("POST /v1/supplier-invitations:accept",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "supplier_invitation_not_found",
        404,
        "No such invitation exists.",
        "Look in GET /v1/supplier-invitations.",
        ("* /v1/supplier-invitations/{invitation_id}*",),
    ),
    Refusal(
        "supplier_access_not_found",
        404,
        "Nobody acts for a supplier under this id.",
        "Look in GET /v1/supplier-access.",
        ("* /v1/supplier-access/{access_id}*",),
    ),
    Refusal(
        "supplier_change_not_found",
        404,
        "No such change exists, or it is another supplier's, or a draft that was not proposed.",
        "Look in GET /v1/supplier-changes.",
        ("* /v1/supplier-changes/{change_id}*",),
    ),
    Refusal(
        "company_not_named",
        422,
        "A company that is not known yet is invited by its legal name and its country.",
        "State both, or the supplier_id of a supplier that is known.",
        ("POST /v1/supplier-invitations",),
    ),
    Refusal(
        "company_named_twice",
        422,
        "An invitation names a supplier that is known, and a company beside it.",
        "Leave out what `errors` names, or `supplier_id`.",
        ("POST /v1/supplier-invitations",),
    ),
    Refusal(
        "invitation_unknown",
        403,
        "No invitation has this secret.",
        "Look whether all of the link was copied; who tries many waits.",
        _ACCEPT,
    ),
    Refusal(
        "invitation_used",
        403,
        "The invitation was accepted already: it lets in one person once.",
        "Ask who sent it for another.",
        _ACCEPT,
    ),
    Refusal("invitation_revoked", 403, "The invitation was revoked.", "Ask who sent it.", _ACCEPT),
    Refusal(
        "invitation_replaced",
        403,
        "The invitation was sent again since, under another secret.",
        "Use the link that came last.",
        _ACCEPT,
    ),
    Refusal(
        "invitation_expired",
        403,
        "The time of the invitation is over.",
        "Ask who sent it for another.",
        _ACCEPT,
    ),
    Refusal(
        "acts_for_supplier",
        409,
        "Who would accept the invitation acts for a supplier already, by an invitation or by their token.",
        "Let a colleague accept it.",
        _ACCEPT,
    ),
    Refusal(
        "company_known",
        409,
        "A supplier with a number of the company that was invited was registered since.",
        "Ask who sent the invitation for one to that supplier.",
        _ACCEPT,
    ),
    Refusal(
        "invitation_outdated",
        409,
        "What the company was to offer is not begun anew any more: a category was retired since.",
        "Ask who sent the invitation for another.",
        _ACCEPT,
    ),
    Refusal(
        "change_under_way",
        409,
        "The supplier has a change under way, as a draft or proposed: `change_id` is that.",
        "Go on with it, or withdraw it.",
        ("POST /v1/supplier-changes",),
    ),
    Refusal(
        "nothing_changed",
        422,
        "The supplier's record says all of what is proposed already.",
        "State what is to be otherwise, or withdraw the draft.",
        ("POST /v1/supplier-changes/{change_id}:submit",),
    ),
    Refusal(
        "decision_invalid",
        422,
        "A field is decided that does not wait, or twice, or returned without a reason for the supplier.",
        "Correct what `errors` names.",
        DECIDE_CHANGE,
    ),
    Refusal(
        "record_changed",
        409,
        "The record says something else by now than when the supplier proposed these `fields`.",
        "Return them, and let the supplier propose them anew.",
        DECIDE_CHANGE,
    ),
)
