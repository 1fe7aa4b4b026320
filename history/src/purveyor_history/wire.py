"""Suppliers, orders and receipts as the services' imports take them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from purveyor_history.documents import Order, Receipt, ReceiptKey, Supplier
from purveyor_history.fates import Fate

KeyT = TypeVar("KeyT", str, ReceiptKey)


@dataclass(frozen=True, slots=True)
class Document(Generic[KeyT]):
    """An order or a receipt on its way: its key, how the platform finds it, its lines by number.

    `means` is what the platform makes of it, beside what it says.
    """

    key: KeyT
    found_by: dict[str, str]
    means: dict[str, Any]
    head: dict[str, Any]
    lines: dict[int, dict[str, Any]]

    def row(self, numbers: Iterable[int]) -> dict[str, Any]:
        """Return the document with some of its lines."""
        return self.head | {"lines": [self.lines[number] for number in numbers]}


def supplier_row(supplier: Supplier, approved_since: date | None, system: str) -> dict[str, Any]:
    """Return a supplier as sourcing takes it: approved for what was ordered, if it was ordered from since."""
    row: dict[str, Any] = {
        "source_system": system,
        "external_reference": supplier.reference,
        "legal_name": supplier.legal_name,
        "country": supplier.country,
    }
    categories = sorted(supplier.categories)
    if approved_since is None:
        row["categories"] = categories
    else:
        row |= {"approved_categories": categories, "registered_on": approved_since.isoformat()}
    return row | {scheme.lower(): value for scheme, value in supplier.identifiers.items()}


def order_document(order: Order, supplier_id: str | None, system: str) -> Document[str]:
    """Return an order as procurement takes it; of a supplier that has this id, where it is here."""
    header = order.header
    head = {
        "source_system": system,
        "external_reference": header.reference,
        "supplier_external_reference": header.supplier_reference,
        "currency": header.currency,
        "site": header.site.code,
        "business_unit": header.business_unit,
        "cost_centre": header.cost_centre,
        "ordered_on": header.ordered_on.isoformat() if header.ordered_on is not None else None,
    }
    lines = {
        number: {
            "line_number": number,
            "external_reference": line.reference,
            "item": line.item,
            "description": line.description,
            "category": line.category,
            "quantity": str(line.quantity),
            "unit": line.unit,
            "price": str(line.price),
            "price_base_quantity": str(line.price_base_quantity),
            "promised_on": line.promised_on.isoformat(),
        }
        for number, line in order.lines.items()
    }
    means = {} if supplier_id is None else {"supplier_id": supplier_id}
    return Document(header.reference, {"external_reference": header.reference}, means, head, lines)


def receipt_document(receipt: Receipt, order: Fate, system: str) -> Document[ReceiptKey]:
    """Return a receipt as procurement takes it, of those lines that its order has, by their numbers there."""
    head = {
        "source_system": system,
        "external_reference": receipt.reference,
        "order_external_reference": receipt.order_reference,
        "received_on": receipt.received_on.isoformat(),
        "despatch_reference": receipt.despatch_reference,
    }
    there = sorted((order.lines[number], number) for number in receipt.lines if number in order.lines)
    lines = {
        number: {
            "line_number": number_there,
            "quantity": str(line.quantity),
            "rejected_quantity": str(line.rejected_quantity),
            "rejection_reason": line.rejection_reason,
        }
        for number_there, number in there
        for line in (receipt.lines[number],)
    }
    found_by = {"external_reference": receipt.reference} | ({"order_id": order.id} if order.id else {})
    return Document(receipt.key, found_by, {}, head, lines)
