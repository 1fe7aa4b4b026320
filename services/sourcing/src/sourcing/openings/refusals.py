"""The codes by which openings refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import COMPLETE_TENDER

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "openers_missing",
        422,
        "Fewer people can open the bids than are needed: named as openers, with a key, without a conflict.",
        "Name more, and let them declare it with their keys; 16 are the most.",
        COMPLETE_TENDER,
    ),
    Refusal(
        "not_an_opener",
        403,
        "The caller was not named to open the bids of the tender when it was published.",
        "Ask those who were; `team` names them.",
        ("POST /v1/tenders/{tender_id}:open",),
    ),
    Refusal(
        "opening_share_not_found",
        404,
        "The tender was not published yet, or the caller was not named to open its bids.",
        "Ask those who were; `team` names them.",
        ("GET /v1/tenders/{tender_id}/opening-share",),
    ),
    Refusal(
        "share_wrong",
        422,
        "What was given is not the caller's share of the key of this tender.",
        "Open the sealed one with your own key: `purveyor tenders open-share`.",
        ("POST /v1/tenders/{tender_id}:open",),
    ),
)
