"""Reads a file by its mapping: rows become suppliers, orders and receipts; a bad row is refused alone.

A file is grouped in memory (about 2.5 kB a row), as lines and deliveries of one order may stand anywhere in
it: a million rows need 2.5 GB. Cut a larger file between orders.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from purveyor.money import minor_units, round_amount, why_not_owed
from purveyor_history.cells import CellError, Cells
from purveyor_history.documents import (
    History,
    Order,
    OrderHeader,
    OrderLine,
    Place,
    Receipt,
    ReceivedLine,
    Remark,
    Supplier,
)
from purveyor_history.doubts import doubts
from purveyor_history.keys import Keys
from purveyor_history.mapping import Mapping, MappingError
from purveyor_history.rows import Rows

SIX_DECIMALS = Decimal("0.000001")


def price_of(
    quantity: Decimal, price: Decimal | None, base: Decimal, value: Decimal | None, currency: str
) -> tuple[Decimal, Decimal]:
    """Return the price and its base quantity that give a line's value to the minor unit.

    Exports round prices, and the value is what was paid. When quantity × price ÷ base is not the value, the
    price is value ÷ quantity to six decimals where that gives the value, else the value itself for the whole
    quantity. Raises ValueError when neither is known.
    """
    if value is None:
        if price is None:
            raise ValueError("neither a price nor a value is known")
        return price, base
    paid = round_amount(value, currency)
    if price is not None and round_amount(quantity * price / base, currency) == paid:
        return price, base
    exact = (paid / quantity).quantize(SIX_DECIMALS)
    if round_amount(quantity * exact, currency) == paid:
        return exact, Decimal(1)
    return paid, quantity


def contradicts(quantity: Decimal, price: Decimal, base: Decimal, value: Decimal, currency: str) -> bool:
    """Whether a value is off quantity × price ÷ base by more than the price's last digit and a minor unit."""
    exponent = price.as_tuple().exponent
    last_digit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    minor_unit = Decimal(1).scaleb(-minor_units(currency))
    return abs(quantity * price / base - value) > quantity * last_digit / base + minor_unit


@dataclass(frozen=True, slots=True)
class _Line:
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
class _Delivery:
    received_on: date
    despatch_reference: str | None
    quantity: Decimal
    rejected_quantity: Decimal
    rejection_reason: str | None


class _Reader:
    """Collects a file's rows into a history."""

    def __init__(self, mapping: Mapping, today: date) -> None:
        self.mapping = mapping
        self.today = today
        self.cells = Cells(mapping.file)
        self.keys = Keys(self.cells)
        self.history = History()
        self._columns = {column for _, source in mapping.origins() for column in source.columns}
        self._line_numbers: dict[str, dict[str, int]] = {}
        self._lines: dict[tuple[str, str], tuple[_Line, int]] = {}
        self._received: dict[tuple[str, str], Decimal] = {}
        self._deliveries: dict[tuple[str, str, _Delivery], int] = {}

    def refuse(self, remark: Remark) -> None:
        """Count a row that is refused."""
        self.history.rows += 1
        self.history.refusals.append(remark)
        self.history.refused_rows.add(remark.line)

    def take(self, file_line: int, row: dict[str, str]) -> None:
        """Add one row, or refuse it."""
        try:
            order_reference = self.cells.required(row, self.mapping.order.reference)
            number, reference = self._line_number(file_line, row, order_reference)
            header = self._header(row, order_reference)
            supplier = self._supplier(row, header.supplier_reference)
            line = self._line(row, reference, header)
            delivery = self._delivery(row, line)
            self._check_keys(file_line, row, header, reference, delivery)
            self._agrees(file_line, header, line, delivery)
        except CellError as error:
            self.refuse(Remark(file_line, error.column, error.reason))
            return
        self.history.rows += 1
        self.history.warnings += doubts(file_line, row, self._columns)
        self._remark_on_price(file_line, row, header, line)
        self._remark(file_line, header, line, delivery)
        self._keep_supplier(file_line, supplier, line.category)
        self._keep(file_line, number, header, line, delivery)

    def _line_number(self, file_line: int, row: dict[str, str], order_reference: str) -> tuple[int, str]:
        """Count an order's lines as they first appear, refused ones too: their numbers stay free for them."""
        source = self.mapping.line.reference
        reference = self.cells.required(row, source) if source is not None else f"row {file_line}"
        numbers = self._line_numbers.setdefault(order_reference, {})
        return numbers.setdefault(reference, len(numbers) + 1), reference

    def _check_keys(
        self,
        file_line: int,
        row: dict[str, str],
        header: OrderHeader,
        line_reference: str,
        delivery: _Delivery | None,
    ) -> None:
        mapping, check, order = self.mapping, self.keys.check, header.reference
        check(file_line, row, mapping.order.reference, order)
        check(file_line, row, mapping.supplier.reference, header.supplier_reference)
        if mapping.line.reference is not None:
            check(file_line, row, mapping.line.reference, line_reference, order)
        if mapping.receipt.despatch_reference is not None and delivery is not None:
            check(file_line, row, mapping.receipt.despatch_reference, delivery.despatch_reference, order)

    def _header(self, row: dict[str, str], reference: str) -> OrderHeader:
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

    def _supplier(self, row: dict[str, str], reference: str) -> Supplier:
        columns, cells = self.mapping.supplier, self.cells
        identifiers = {scheme: cells.text(row, source) for scheme, source in columns.identifiers.items()}
        return Supplier(
            reference=reference,
            legal_name=cells.required(row, columns.legal_name),
            country=cells.country(row, columns.country) if columns.country is not None else None,
            identifiers={scheme: value for scheme, value in identifiers.items() if value is not None},
        )

    def _line(self, row: dict[str, str], reference: str, header: OrderHeader) -> _Line:
        columns, cells = self.mapping.line, self.cells
        quantity = cells.required_number(row, columns.quantity)
        if quantity <= 0:
            raise CellError(columns.quantity.label, f"{quantity} ordered: it must be more than zero")
        price = cells.number(row, columns.price) if columns.price is not None else None
        base = self._base_quantity(row)
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
        return _Line(
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

    def _base_quantity(self, row: dict[str, str]) -> Decimal:
        source = self.mapping.line.price_base_quantity
        if source is None:
            return Decimal(1)
        base = self.cells.number(row, source)
        if base is None:
            return Decimal(1)
        if base <= 0:
            raise CellError(source.label, f"a price per {base}: it must be more than zero")
        return base

    def _delivery(self, row: dict[str, str], line: _Line) -> _Delivery | None:
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
        return _Delivery(received_on, despatch, quantity, rejected, reason)

    def _agrees(self, file_line: int, header: OrderHeader, line: _Line, delivery: _Delivery | None) -> None:
        """Raise CellError when a row contradicts an earlier one of its order or of its order line."""
        order = self.history.orders.get(header.reference)
        if order is not None and not _same_order(order.header, header):
            field, before, now = _difference(order.header, header)
            source = getattr(self.mapping.order, field, self.mapping.supplier.reference)
            raise CellError(
                source.label,
                f"order {header.reference} has {before} in line {order.file_line} of the file and {now} here",
            )
        key = (header.reference, line.reference)
        if key in self._lines:
            first, first_line = self._lines[key]
            if first != line:
                field, before, now = _difference(first, line)
                source = getattr(self.mapping.line, field, None)
                raise CellError(
                    source.label if source is not None else field,
                    f"order {header.reference} line {line.reference} has {before} in line {first_line} "
                    f"of the file and {now} here",
                )
        if delivery is not None:
            self._is_another(key, line, delivery)

    def _is_another(self, key: tuple[str, str], line: _Line, delivery: _Delivery) -> None:
        """Raise CellError for a delivery that was told before, or that leaves nothing to be delivered."""
        columns = self.mapping.receipt
        told = self._deliveries.get((*key, delivery))
        if told is not None and columns.repeated == "refuse":
            raise CellError(
                columns.received_on.label,
                f'the same delivery as in line {told} of the file; receipt.repeated = "add" takes both',
            )
        if columns.quantity is None and key in self._received:
            raise CellError(
                self.mapping.line.quantity.label,
                f"all {line.quantity} ordered were received before, and no column says how many now",
            )

    def _remark_on_price(self, file_line: int, row: dict[str, str], header: OrderHeader, line: _Line) -> None:
        """Warn, where a line first stands, of a price that is not taken because the value says another."""
        columns, cells = self.mapping.line, self.cells
        if (
            columns.price is None
            or columns.value is None
            or (header.reference, line.reference) in self._lines
        ):
            return
        price, value = cells.number(row, columns.price), cells.number(row, columns.value)
        if price is None or value is None:
            return
        base = self._base_quantity(row)
        if contradicts(line.quantity, price, base, value, header.currency):
            stated = f"{line.quantity} x {price}" + (f" / {base}" if base != 1 else "")
            reason = f"{value} is not {stated}; the value is kept, and makes the price {line.price}"
            per = f" per {line.price_base_quantity}" if line.price_base_quantity != 1 else ""
            self.history.warnings.append(Remark(file_line, columns.value.label, reason + per))

    def _remark(self, file_line: int, header: OrderHeader, line: _Line, delivery: _Delivery | None) -> None:
        warn = self.history.warnings
        received = self._received.get((header.reference, line.reference), Decimal(0))
        columns = self.mapping.receipt.quantity
        if delivery is not None and columns is not None and received + delivery.quantity > line.quantity:
            in_all = f"{received + delivery.quantity} received in all of {line.quantity} ordered"
            warn.append(Remark(file_line, columns.label, in_all))
        ordered_on, source = header.ordered_on, self.mapping.order.ordered_on
        if ordered_on is None or source is None:
            return
        if ordered_on > line.promised_on:
            warn.append(
                Remark(
                    file_line,
                    source.label,
                    f"ordered on {ordered_on}, promised for {line.promised_on}",
                )
            )
        if delivery is not None and ordered_on > delivery.received_on:
            warn.append(
                Remark(
                    file_line,
                    source.label,
                    f"ordered on {ordered_on}, received on {delivery.received_on}",
                )
            )

    def _keep_supplier(self, file_line: int, supplier: Supplier, category: str) -> None:
        """Keep a supplier as its first row has it; fill in what that row did not know."""
        known = self.history.suppliers.setdefault(supplier.reference, supplier)
        known.categories.add(category)
        columns = self.mapping.supplier
        if known.legal_name != supplier.legal_name:
            self.history.warnings.append(
                Remark(file_line, columns.legal_name.label, f"the name of before is kept: {known.legal_name}")
            )
        if known.country is None:
            known.country = supplier.country
        elif supplier.country not in (None, known.country) and columns.country is not None:
            self.history.warnings.append(
                Remark(file_line, columns.country.label, f"the country of before is kept: {known.country}")
            )
        known.identifiers = supplier.identifiers | known.identifiers

    def _keep(
        self, file_line: int, number: int, header: OrderHeader, line: _Line, delivery: _Delivery | None
    ) -> None:
        order = self.history.orders.setdefault(header.reference, Order(header, file_line))
        if order.header.ordered_on is None:
            order.header = header
        key = (header.reference, line.reference)
        if key not in self._lines:
            self._lines[key] = (line, file_line)
            order.lines[number] = OrderLine(
                line_number=number,
                file_line=file_line,
                item=line.item,
                description=line.description,
                category=line.category,
                quantity=line.quantity,
                unit=line.unit,
                price=line.price,
                price_base_quantity=line.price_base_quantity,
                promised_on=line.promised_on,
            )
        if delivery is None:
            self.history.places[file_line] = Place(header.reference, number, None)
            return
        self._received[key] = self._received.get(key, Decimal(0)) + delivery.quantity
        self._deliveries.setdefault((*key, delivery), file_line)
        new = Receipt(header.reference, delivery.received_on, delivery.despatch_reference)
        receipt = self.history.receipts.setdefault(new.key, new)
        self.history.places[file_line] = Place(header.reference, number, receipt.key)
        receipt.add(
            ReceivedLine(
                number, file_line, delivery.quantity, delivery.rejected_quantity, delivery.rejection_reason
            )
        )


def _same_order(first: OrderHeader, second: OrderHeader) -> bool:
    """Whether two rows of an order agree; one that does not know the date agrees with one that does."""
    if first.ordered_on is None or second.ordered_on is None:
        first, second = replace(first, ordered_on=None), replace(second, ordered_on=None)
    return first == second


def _difference(first: object, second: object) -> tuple[str, object, object]:
    """Return the first field in which two values of one kind differ, with both."""
    for name in first.__dataclass_fields__:  # type: ignore[attr-defined]
        before, now = getattr(first, name), getattr(second, name)
        if before != now:
            return name, getattr(before, "code", before), getattr(now, "code", now)
    raise ValueError("the values are equal")


def read_history(path: Path, mapping: Mapping, *, today: date) -> History:
    """Read a file; raises MappingError when it is not the kind of file that the mapping describes."""
    reader = _Reader(mapping, today)
    # Bytes of another encoding are refused with their rows; the wide encodings have no single bytes.
    errors = "replace" if mapping.file.is_wide else "surrogateescape"
    try:
        with path.open(encoding=mapping.file.encoding, errors=errors, newline="") as stream:
            rows = Rows(stream, path, mapping)
            reader.history.warnings += rows.warnings
            for row in rows:
                if row.problem is not None:
                    reader.refuse(row.problem)
                else:
                    reader.take(row.line, row.cells)
    except OSError as error:
        raise MappingError(f"The file {path} cannot be read: {error.strerror}.") from error
    if not reader.history.rows:
        raise MappingError(f"The file {path} has a header and no rows.")
    return reader.history
