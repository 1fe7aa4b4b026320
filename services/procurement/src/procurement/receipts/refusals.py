"""The codes by which receipts refuses."""

from __future__ import annotations

from procurement.operations import IMPORT_RECEIPTS, RECEIVE
from purveyor.refusals import Refusal

_SCAN = ("POST /v1/goods-receipts:read-barcode",)
_REVERSE = ("POST /v1/goods-receipts/{receipt_id}:reverse",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "goods_receipt_not_found",
        404,
        "No such receipt exists, or it is another supplier's.",
        "Look in GET /v1/goods-receipts.",
        ("* /v1/goods-receipts/{receipt_id}*",),
    ),
    Refusal(
        "order_unknown",
        422,
        "The receipt names an order that was not imported.",
        "Import the order first.",
        IMPORT_RECEIPTS,
    ),
    Refusal(
        "receipt_invalid",
        422,
        "What arrived cannot be: too much, lines that the order has not, a rejection without a reason.",
        "Correct what `errors` names, or let the buyer change the order.",
        (*RECEIVE, *IMPORT_RECEIPTS),
    ),
    Refusal(
        "already_received",
        409,
        "The order has received exactly this on the same day, without a despatch reference as now.",
        "Send nothing more; `another_delivery` says that other goods came, or name their despatch.",
        RECEIVE,
    ),
    Refusal(
        "barcode_invalid",
        422,
        "What was read is no GS1 barcode, has a wrong check digit, or says two things at once.",
        "Read it again; read one package after the other.",
        _SCAN,
    ),
    Refusal(
        "serial_in_stock",
        409,
        "Things with these serial numbers of the item were received before, and neither rejected nor taken "
        "back; `errors` names each with its receipt.",
        "Count again, or take the receipt back that was wrong.",
        RECEIVE,
    ),
    Refusal(
        "reversal_invalid",
        422,
        "What is taken back cannot be: more than is left of the receipt, or on a day that it cannot be on.",
        "Correct what `errors` names.",
        _REVERSE,
    ),
    Refusal(
        "already_reversed",
        409,
        "All of the receipt was taken back already.",
        "Read it again: its `reversals` say when and why.",
        _REVERSE,
    ),
    Refusal(
        "despatch_already_received",
        409,
        "This delivery note was received for the order already.",
        "Send nothing more; `another_delivery` says that other goods came under the same note.",
        RECEIVE,
    ),
)
