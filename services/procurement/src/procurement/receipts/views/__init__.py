"""Goods receipts as HTTP takes and shows them."""

from __future__ import annotations

from procurement.receipts.views.barcodes import BarcodesIn, BarcodesRead
from procurement.receipts.views.lines import ARRIVAL, LineToReverse, PastLine, ReceiptLine
from procurement.receipts.views.receipts import (
    HeldRule,
    Receipt,
    ReceiptForSupplier,
    ReceiptWarning,
    RecordedLine,
    RecordedLot,
    RecordedReceipt,
)

__all__ = (
    "ARRIVAL",
    "BarcodesIn",
    "BarcodesRead",
    "HeldRule",
    "LineToReverse",
    "PastLine",
    "Receipt",
    "ReceiptForSupplier",
    "ReceiptLine",
    "ReceiptWarning",
    "RecordedLine",
    "RecordedLot",
    "RecordedReceipt",
)
