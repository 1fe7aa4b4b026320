"""Goods receipts, their lines, and what is told of them."""

from procurement.receipts.model.events import closed_event, received_event, reversed_event
from procurement.receipts.model.lines import (
    GoodsReceiptLine,
    GoodsReceiptLot,
    GoodsReceiptReversalLine,
    GoodsReceiptSerial,
)
from procurement.receipts.model.receipts import GoodsReceipt, GoodsReceiptReversal, receipt_number
from procurement.receipts.model.scans import Matching, Scan

__all__ = (
    "GoodsReceipt",
    "GoodsReceiptLine",
    "GoodsReceiptLot",
    "GoodsReceiptReversal",
    "GoodsReceiptReversalLine",
    "GoodsReceiptSerial",
    "Matching",
    "Scan",
    "closed_event",
    "receipt_number",
    "received_event",
    "reversed_event",
)
