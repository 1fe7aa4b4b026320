"""What a file's rows become: suppliers, orders and receipts, and what was refused or is worth a look."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from purveyor.imported import MAIN
from purveyor.money import round_amount
from purveyor_history.mapping import Site


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one row: why it was refused, or what is odd about it."""

    line: int
    column: str
    reason: str


@dataclass(slots=True)
class Supplier:
    """A supplier as the file knows it, and the line where it first stands."""

    reference: str
    legal_name: str
    country: str | None
    identifiers: dict[str, str]
    categories: set[str] = field(default_factory=set)
    file_line: int = 0


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order; `file_line` is where it first stands in the file.

    Its reference is the file's own, None where a mapping names none.
    """

    line_number: int
    reference: str | None
    file_line: int
    item: str
    description: str
    category: str
    quantity: Decimal
    unit: str
    price: Decimal
    price_base_quantity: Decimal
    promised_on: date

    def amount_of(self, quantity: Decimal, currency: str) -> Decimal:
        """Return what a quantity of it costs: quantity × price ÷ base, to the currency's minor unit."""
        return round_amount(quantity * self.price / self.price_base_quantity, currency)


@dataclass(frozen=True, slots=True)
class OrderHeader:
    """What the rows of one order have in common, in every row alike."""

    reference: str
    supplier_reference: str
    currency: str
    site: Site
    business_unit: str
    cost_centre: str
    ordered_on: date | None


@dataclass(slots=True)
class Order:
    """An order with the lines that were accepted, by line number."""

    header: OrderHeader
    file_line: int
    lines: dict[int, OrderLine] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """What a receipt says about one order line."""

    line_number: int
    file_line: int
    quantity: Decimal
    rejected_quantity: Decimal
    rejection_reason: str | None


class ReceiptKey(NamedTuple):
    """What tells a receipt from another in a file: columns stay columns, whatever their texts hold."""

    order_reference: str
    despatch_reference: str | None
    received_on: date


@dataclass(slots=True)
class Receipt:
    """What arrived of one order on one day with one despatch."""

    order_reference: str
    received_on: date
    despatch_reference: str | None
    lines: dict[int, ReceivedLine] = field(default_factory=dict)

    def add(self, line: ReceivedLine) -> None:
        """Add a line; two rows about one order line in one receipt are one line."""
        before = self.lines.get(line.line_number)
        if before is not None:
            line = replace(
                before,
                quantity=before.quantity + line.quantity,
                rejected_quantity=before.rejected_quantity + line.rejected_quantity,
                rejection_reason=before.rejection_reason or line.rejection_reason,
            )
        self.lines[line.line_number] = line

    @property
    def key(self) -> ReceiptKey:
        """What tells it from the other receipts of the file."""
        return ReceiptKey(self.order_reference, self.despatch_reference, self.received_on)

    @property
    def reference(self) -> str:
        """Its key in the platform among the receipts of its order: the same file gives the same.

        Of two orders it may be the same (`4700` with the note `1`, and `4700/1` without one).
        """
        return "/".join(
            part
            for part in (self.order_reference, self.despatch_reference, self.received_on.isoformat())
            if part
        )


class Place(NamedTuple):
    """Where a row of the file went: an order line, and the receipt of it where it was delivered."""

    order: str
    line_number: int
    receipt: ReceiptKey | None


@dataclass(slots=True)
class History:
    """A file, read, or a part of one: then `since` is what the whole file knows of its suppliers."""

    suppliers: dict[str, Supplier] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    receipts: dict[ReceiptKey, Receipt] = field(default_factory=dict)
    refusals: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    source_system: str = MAIN
    rows: int = 0
    refused_rows: set[int] = field(default_factory=set)
    places: dict[int, Place] = field(default_factory=dict)
    since: dict[str, date] | None = None

    @property
    def sites(self) -> list[Site]:
        """The sites that its orders go to."""
        return list({order.header.site.code: order.header.site for order in self.orders.values()}.values())

    def known_since(self) -> dict[str, date]:
        """Return the first day that the file knows of each supplier: it was registered by then.

        An order whose day nobody knows is of the day when its first line was promised.
        """
        if self.since is not None:
            return self.since
        days: dict[str, date] = {}
        for order in self.orders.values():
            promised = min(line.promised_on for line in order.lines.values())
            _keep_first(days, order.header.supplier_reference, order.header.ordered_on or promised)
        for receipt in self.receipts.values():
            supplier = self.orders[receipt.order_reference].header.supplier_reference
            _keep_first(days, supplier, receipt.received_on)
        return days

    def order_lines(self) -> Iterator[OrderLine]:
        """Go through every line of every order."""
        for order in self.orders.values():
            yield from order.lines.values()

    def received_value(self, only: Mapping[ReceiptKey, Collection[int]] | None = None) -> dict[str, Decimal]:
        """Return what was received, by currency, each line rounded on its own; `only` in these receipts."""
        total: dict[str, Decimal] = {}
        for receipt in self.receipts.values():
            order = self.orders[receipt.order_reference]
            currency = order.header.currency
            for line in receipt.lines.values():
                if only is not None and line.line_number not in only.get(receipt.key, ()):
                    continue
                amount = order.lines[line.line_number].amount_of(line.quantity, currency)
                total[currency] = total.get(currency, Decimal(0)) + amount
        return total


def _keep_first(days: dict[str, date], supplier: str, day: date) -> None:
    days[supplier] = min(day, days.get(supplier, day))
