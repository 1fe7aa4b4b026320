"""What receipts have to know of an order: who has had a hand in it, and what is still to come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.items.rules.receiving import ReceivedItem


@dataclass(frozen=True, slots=True)
class Expected:
    """An order that goods arrive for."""

    id: UUID
    serial_number: int
    status: str
    supplier_id: UUID
    business_unit: str
    ordered_on: date | None
    created_by: str
    issued_by: str | None
    hold_reason: str | None
    hold_stops_receipts: bool
    today: date
    site: str = ""
    blanket_order_id: UUID | None = None
    from_requisitions: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """Who has had which part in an order, and in its supplier, before its goods arrive."""

    authors: list[str]
    approved_by: str | None
    former_approvers: list[str]
    """Who approved versions that are past, or amendments."""
    amended_by: list[str]
    """Who issued amendments."""
    supplier_authors: list[str]
    supplier_approvers: list[str]
    site_authors: list[str]
    orderers: list[str] = field(default_factory=list)
    """Who wrote or issued amendments, reopened lines, or answered for the supplier."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What was ordered on a line and what has become of it so far (`rules.quantities`)."""

    category: str
    quantity: Decimal
    received_quantity: Decimal
    rejected_quantity: Decimal = Decimal(0)
    cancelled_quantity: Decimal = Decimal(0)
    refused_for_good_quantity: Decimal = Decimal(0)
    closed_as: str | None = None
    item: str = ""
    unit: str = ""
    under_way_quantity: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Awaited:
    """An order that goods arrive for, with all that they are held against."""

    order: Expected
    parts: Parts
    balances: Mapping[int, Balance]
    """By line number."""
    items: Mapping[int, ReceivedItem]
    """Of the lines that name an item."""
