"""What one row of a file states, each cell by itself: its order, its supplier, the line, a delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from purveyor.money import minor_units, why_not_owed
from purveyor_history.cells import CellError, Cells
from purveyor_history.documents import OrderHeader, Supplier
from purveyor_history.mapping import Mapping
from purveyor_history.prices import price_of


@dataclass(frozen=True, slots=True)
class Line:
    """An order line in a row, before it has its number."""

    reference: str
    item: str
    description: str
    category: str
    quantity: Decimal
    unit: str
    price: Decimal
    price_base_quantity: Decimal
    promised_on: date


@dataclass(frozen=True, slots=True)
class Delivery:
    """What of a line was delivered, in a row."""

    received_on: date
    despatch_reference: str | None
    quantity: Decimal
    rejected_quantity: Decimal
    rejection_reason: str | None


@dataclass(frozen=True, slots=True)
class Stated:
    """Reads rows by a mapping; raises CellError naming the column that is wrong."""

    mapping: Mapping
    cells: Cells
    today: date

    def header(self, row: dict[str, str], reference: str) -> OrderHeader:
        """Return what it says of its order."""
        columns, cells = self.mapping.order, self.cells
        name = cells.required(row, columns.site)
        site = self.mapping.sites.get(name)
        if site is None:
            raise CellError(columns.site.label, f"{name!r} is not in the mapping's table [sites]")
        currency = cells.required(row, columns.currency)
        try:
            minor_units(currency)
        except ValueError as error:
            raise CellError(columns.currency.label, str(error)) from None
        ordered_on = cells.day(row, columns.ordered_on) if columns.ordered_on is not None else None
        if ordered_on is not None and ordered_on > self.today and columns.ordered_on is not None:
            raise CellError(columns.ordered_on.label, f"{ordered_on} lies in the future")
        if ordered_on is not None and (why := why_not_owed(currency, ordered_on)):
            raise CellError(columns.currency.label, why)
        return OrderHeader(
            reference=reference,
            supplier_reference=cells.required(row, self.mapping.supplier.reference),
            currency=currency,
            site=site,
            business_unit=cells.required(row, columns.business_unit),
            cost_centre=cells.required(row, columns.cost_centre),
            ordered_on=ordered_on,
        )

    def supplier(self, row: dict[str, str], reference: str) -> Supplier:
        """Return what it says of the supplier."""
        columns, cells = self.mapping.supplier, self.cells
        identifiers = {scheme: cells.text(row, source) for scheme, source in columns.identifiers.items()}
        return Supplier(
            reference=reference,
            legal_name=cells.required(row, columns.legal_name),
            country=cells.country(row, columns.country) if columns.country is not None else None,
            identifiers={scheme: value for scheme, value in identifiers.items() if value is not None},
        )

    def line(self, row: dict[str, str], reference: str, header: OrderHeader) -> Line:
        """Return what it says of the order line."""
        columns, cells = self.mapping.line, self.cells
        quantity = cells.required_number(row, columns.quantity)
        if quantity <= 0:
            raise CellError(columns.quantity.label, f"{quantity} ordered: it must be more than zero")
        price = cells.number(row, columns.price) if columns.price is not None else None
        base = self.base_quantity(row)
        value = cells.number(row, columns.value) if columns.value is not None else None
        for source, amount in ((columns.price, price), (columns.value, value)):
            if source is not None and amount is not None and amount < 0:
                raise CellError(source.label, f"{amount} is negative")
        try:
            price, base = price_of(quantity, price, base, value, header.currency)
        except ValueError as error:
            labels = " + ".join(
                source.label for source in (columns.price, columns.value) if source is not None
            )
            raise CellError(labels, str(error)) from None
        return Line(
            reference=reference,
            item=cells.required(row, columns.item),
            description=cells.required(row, columns.description),
            category=cells.required(row, columns.category),
            quantity=quantity,
            unit=cells.required(row, columns.unit),
            price=price,
            price_base_quantity=base,
            promised_on=cells.required_day(row, columns.promised_on),
        )

    def base_quantity(self, row: dict[str, str]) -> Decimal:
        """Return for how many the price is."""
        source = self.mapping.line.price_base_quantity
        if source is None:
            return Decimal(1)
        base = self.cells.number(row, source)
        if base is None:
            return Decimal(1)
        if base <= 0:
            raise CellError(source.label, f"a price per {base}: it must be more than zero")
        return base

    def delivery(self, row: dict[str, str], line: Line) -> Delivery | None:
        """Return what was delivered; None where the row knows of nothing."""
        columns, cells = self.mapping.receipt, self.cells
        received_on = cells.day(row, columns.received_on)
        if received_on is None:
            return None
        if received_on > self.today:
            raise CellError(columns.received_on.label, f"{received_on} lies in the future")
        quantity = line.quantity
        if columns.quantity is not None:
            quantity = cells.required_number(row, columns.quantity)
            if quantity <= 0:
                raise CellError(columns.quantity.label, f"{quantity} received: it must be more than zero")
        rejected = Decimal(0)
        if columns.rejected_quantity is not None:
            rejected = cells.number(row, columns.rejected_quantity) or Decimal(0)
            if not 0 <= rejected <= quantity:
                raise CellError(
                    columns.rejected_quantity.label,
                    f"{rejected} rejected of {quantity} received",
                )
        reason = cells.text(row, columns.rejection_reason) if columns.rejection_reason is not None else None
        despatch = (
            cells.text(row, columns.despatch_reference) if columns.despatch_reference is not None else None
        )
        reason = (reason or "not recorded") if rejected else None
        return Delivery(received_on, despatch, quantity, rejected, reason)
