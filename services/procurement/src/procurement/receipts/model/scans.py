"""What was read at the dock, and the lines that wait for it; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.items.rules.receiving import Scanned
from procurement.orders.model import PurchaseOrder, PurchaseOrderLine
from procurement.receipts.rules.arriving import ArrivedLine
from procurement.receipts.rules.barcodes import ReadBarcode
from procurement.shipments.model import Shipment


@dataclass(frozen=True, slots=True)
class Matching:
    """A line that goods whose barcode was read may be for, and how they would be received."""

    order: PurchaseOrder
    line: PurchaseOrderLine
    receive: ArrivedLine


@dataclass(frozen=True, slots=True)
class Scan:
    """What a barcode says, what it stands on, and which lines wait for that."""

    read: ReadBarcode
    scanned: Scanned | None
    matching: Sequence[Matching]
    shipment: Shipment | None = None
    """That brings the package of the SSCC, where one is under way."""
