"""The codes by which documents refuses."""

from __future__ import annotations

from procurement.operations import NOTIFY_SHIPMENT
from purveyor.refusals import ELSEWHERE, Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "document_takes_too_long",
        503,
        "The document was not ready in time: too many are asked for at once, or it is very long.",
        "Ask again; read the version as JSON when it is never ready.",
        ("GET /v1/purchase-orders/{order_id}/versions/{number}/document",),
    ),
    Refusal(
        "document_not_found",
        404,
        "No such document came in, or another supplier sent it.",
        "Look in GET /v1/documents.",
        ("* /v1/documents/{document_id}*",),
    ),
    Refusal(
        "cancellation_not_found",
        404,
        "The order is not cancelled, or was before anybody was sent it, or goods came of it.",
        "Read the order: its `status` says where it stands.",
        ("GET /v1/purchase-orders/{order_id}/cancellation/document",),
    ),
    Refusal(
        "not_for_exchange",
        422,
        "One of both parties has no address at which documents are received; `errors` names who.",
        "State `electronic` of the business unit; let sourcing state the supplier's participant or GLN.",
        (
            "GET /v1/purchase-orders/{order_id}/versions/{number}/document",
            "GET /v1/purchase-orders/{order_id}/cancellation/document",
            "GET /v1/goods-receipts/{receipt_id}/document",
        ),
    ),
    Refusal(
        "document_says_nothing",
        422,
        "A despatch advice came in that has no line on which anything was sent.",
        "Send one that has.",
        ELSEWHERE,
    ),
    Refusal(
        "of_another_supplier",
        422,
        "A document came in that says it is of another company than the supplier of its order.",
        "Let sourcing state the number by which it goes, and try the document again; or dismiss it.",
        ELSEWHERE,
    ),
    Refusal(
        "advice_not_taken",
        422,
        "A despatch advice came in that does not say when it is expected, or how much is of which lot.",
        "Let the supplier send another, or announce the shipment by hand, and dismiss the document.",
        ELSEWHERE,
    ),
    Refusal(
        "number_used",
        409,
        "An SSCC of the despatch advice was used for another package within a year, or a single thing is "
        "under way with another shipment; `errors` names each, and the shipment where its supplier asks.",
        "Give each package and each thing a number of its own; cancel a shipment that was wrong.",
        NOTIFY_SHIPMENT,
    ),
    Refusal(
        "answers_earlier_version",
        422,
        "An order response came in that names no version and is older than the one in force.",
        "Let the supplier answer the version in force, by its number.",
        ELSEWHERE,
    ),
    Refusal(
        "response_not_taken",
        422,
        "An order response came in that refuses or adds single lines, or counts in another unit.",
        "Amend the order as the supplier says, or order elsewhere, and dismiss the document.",
        ELSEWHERE,
    ),
)
