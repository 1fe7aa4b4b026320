"""Reads a file by its mapping: rows become suppliers, orders and receipts; a bad row is refused alone.

They are grouped in memory (about 2.5 kB a row), as lines and deliveries of one order may stand anywhere in
the file; a large one is read in parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

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
from purveyor_history.prices import contradicts
from purveyor_history.rows import FileRow, Rows
from purveyor_history.stated import Delivery, Line, Stated


class Reader:
    """Collects a file's rows into a history."""

    def __init__(self, mapping: Mapping, today: date, keys_of_suppliers: Keys | None = None) -> None:
        self.mapping = mapping
        self.cells = Cells(mapping.file)
        self.stated = Stated(mapping, self.cells, today)
        self.keys = Keys(self.cells)
        self.keys_of_suppliers = keys_of_suppliers or self.keys
        self.history = History(source_system=mapping.file.source_system)
        self._columns = {column for _, source in mapping.origins() for column in source.columns}
        self._line_numbers: dict[str, dict[str, int]] = {}
        self._lines: dict[tuple[str, str], tuple[Line, int]] = {}
        self._received: dict[tuple[str, str], Decimal] = {}
        self._deliveries: dict[tuple[str, str, Delivery], int] = {}

    def take_or_refuse(self, row: FileRow) -> None:
        """Add one row of the file, or refuse it."""
        if row.problem is not None:
            self.refuse(row.problem)
        else:
            self.take(row.line, row.cells)

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
            header = self.stated.header(row, order_reference)
            supplier = self.stated.supplier(row, header.supplier_reference)
            line = self.stated.line(row, reference, header)
            delivery = self.stated.delivery(row, line)
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
        delivery: Delivery | None,
    ) -> None:
        mapping, check, order = self.mapping, self.keys.check, header.reference
        check(file_line, row, mapping.order.reference, order)
        self.keys_of_suppliers.check(file_line, row, mapping.supplier.reference, header.supplier_reference)
        if mapping.line.reference is not None:
            check(file_line, row, mapping.line.reference, line_reference, order)
        if mapping.receipt.despatch_reference is not None and delivery is not None:
            check(file_line, row, mapping.receipt.despatch_reference, delivery.despatch_reference, order)

    def _agrees(self, file_line: int, header: OrderHeader, line: Line, delivery: Delivery | None) -> None:
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

    def _is_another(self, key: tuple[str, str], line: Line, delivery: Delivery) -> None:
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

    def _remark_on_price(self, file_line: int, row: dict[str, str], header: OrderHeader, line: Line) -> None:
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
        base = self.stated.base_quantity(row)
        if contradicts(line.quantity, price, base, value, header.currency):
            stated = f"{line.quantity} x {price}" + (f" / {base}" if base != 1 else "")
            reason = f"{value} is not {stated}; the value is kept, and makes the price {line.price}"
            per = f" per {line.price_base_quantity}" if line.price_base_quantity != 1 else ""
            self.history.warnings.append(Remark(file_line, columns.value.label, reason + per))

    def _remark(self, file_line: int, header: OrderHeader, line: Line, delivery: Delivery | None) -> None:
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
        if known is supplier:
            supplier.file_line = file_line
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
        self, file_line: int, number: int, header: OrderHeader, line: Line, delivery: Delivery | None
    ) -> None:
        order = self.history.orders.setdefault(header.reference, Order(header, file_line))
        if order.header.ordered_on is None:
            order.header = header
        key = (header.reference, line.reference)
        if key not in self._lines:
            self._lines[key] = (line, file_line)
            order.lines[number] = OrderLine(
                line_number=number,
                reference=line.reference if self.mapping.line.reference is not None else None,
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
    reader = Reader(mapping, today)
    with opened(path, mapping) as rows:
        reader.history.warnings += rows.warnings
        for row in rows:
            reader.take_or_refuse(row)
    if not reader.history.rows:
        raise MappingError(f"The file {path} has a header and no rows.")
    return reader.history


@contextmanager
def opened(path: Path, mapping: Mapping) -> Iterator[Rows]:
    """Open a file for its rows; raises MappingError for one that cannot be read."""
    # Bytes of another encoding are refused with their rows; the wide encodings have no single bytes.
    errors = "replace" if mapping.file.is_wide else "surrogateescape"
    try:
        with path.open(encoding=mapping.file.encoding, errors=errors, newline="") as stream:
            yield Rows(stream, path, mapping)
    except OSError as error:
        raise MappingError(f"The file {path} cannot be read: {error.strerror}.") from error
