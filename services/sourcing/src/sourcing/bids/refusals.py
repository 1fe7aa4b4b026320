"""The codes by which bids refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import BID

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "bid_not_found",
        404,
        "The caller's supplier has no bid for the tender, or has withdrawn it.",
        "Bid: PUT /v1/tenders/{tender_id}/bid.",
        ("GET /v1/tenders/{tender_id}/bid", "POST /v1/tenders/{tender_id}:withdraw-bid"),
    ),
    Refusal(
        "prices_opened_already",
        409,
        "The envelopes of prices were opened.",
        "Read them: GET /v1/tenders/{tender_id}/bids.",
        ("POST /v1/tenders/{tender_id}:open",),
    ),
    Refusal(
        "bid_replaced",
        422,
        "The bid was replaced since the version that would be taken back.",
        "Read what holds: GET /v1/tenders/{tender_id}/bid.",
        ("POST /v1/tenders/{tender_id}:withdraw-bid",),
    ),
    Refusal(
        "bid_unfit",
        422,
        "A bid does not answer its tender: another currency, an item that it has not, breaks that overlap.",
        "Correct what `errors` names.",
        BID,
    ),
    Refusal(
        "version_not_confirmed",
        409,
        "The tender was published or amended, and the bidder has not confirmed the version that holds.",
        "Read it, then POST /v1/tenders/{tender_id}:confirm.",
        BID,
    ),
    Refusal(
        "bid_key_wrong",
        422,
        "The key is not the one that the receipt of the bidder's last bid told.",
        "Send that one; who lost it bids again.",
        ("GET /v1/tenders/{tender_id}/bid",),
    ),
)
