"""Orders as procurement tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from purveyor.money import Money
from purveyor_contract.events.procurement.orders import OrderedLine, OrderEvent, POIssued
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.inbox import Inbox
from sourcing.spend.consumers import SPEND

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LAST_DAY = date(2026, 11, 20)
Wanted = tuple[str, str]
"""A category and an amount."""


def lines(*wanted: Wanted) -> tuple[OrderedLine, ...]:
    """Return lines of ten pieces each."""
    return tuple(
        OrderedLine(
            line_number=number,
            item="M8",
            description="Bolt",
            category=category,
            quantity=Decimal(10),
            unit="C62",
            price=Decimal(amount) / 10,
            amount=Decimal(amount),
            promised_on=LAST_DAY,
        )
        for number, (category, amount) in enumerate(wanted, 1)
    )


class Order:
    """An order, and what procurement has told of it so far."""

    def __init__(
        self, supplier_id: str, *, currency: str = "EUR", ordered_on: date | None = LAST_DAY
    ) -> None:
        self.ids = {"order_id": uuid4(), "supplier_id": UUID(supplier_id), "number": "PO-000042"}
        self.content: dict[str, Any] = {
            "ordered_on": ordered_on,
            "business_unit": "DE01",
            "cost_centre": "4711",
            "site": "HAM",
            "time_zone": "Europe/Berlin",
            "currency": currency,
            "total": Money(amount=Decimal(1), currency=currency),
        }
        self.told = 0

    def issued(self, *wanted: Wanted) -> Envelope:
        """Return the event of its first version."""
        return self.tell(POIssued, **self.content, lines=lines(*wanted), issued_by="bea")

    def tell(self, event: type[OrderEvent], **content: Any) -> Envelope:
        """Return the envelope of the next event of its stream."""
        self.told += 1
        made = event(**self.ids, **content)
        return Envelope(
            id=uuid4(),
            type=made.type_name(),
            source="procurement",
            topic=made.topic,
            key=made.key,
            sequence=self.told,
            time=NOW,
            data=made.model_dump_json().encode(),
        )


async def receive(database: Any, envelopes: Sequence[Envelope]) -> None:
    """Let sourcing hear of orders."""
    await Inbox(database, SPEND).apply(envelopes)
