"""What came of an import: every row of the file accounted for, every refusal with line, column and reason."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from purveyor_history.documents import History, Remark
from purveyor_history.fates import NOT_LET_IN, Complaint, Fate, Sent
from purveyor_history.mapping import Mapping

HEADER = ("kind", "line", "column", "reason")


@dataclass(slots=True)
class Report:
    """The figures of an import and its remarks."""

    rows: int
    imported: int = 0
    unchanged: int = 0
    refused: int = 0
    statuses: dict[str, str] = field(default_factory=dict)
    """What became of each supplier; parts of a file share them."""
    orders: Counter[str] = field(default_factory=Counter)
    receipts: Counter[str] = field(default_factory=Counter)
    received_value: dict[str, Decimal] = field(default_factory=dict)
    refusals: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    left: list[Remark] = field(default_factory=list)
    """Those of the warnings that are of suppliers and sites."""
    not_let_in: bool = False

    @property
    def suppliers(self) -> Counter[str]:
        """How many suppliers became what."""
        return Counter(self.statuses.values())

    def add(self, part: Report) -> None:
        """Add what came of another part of the file."""
        self.rows += part.rows
        self.imported += part.imported
        self.unchanged += part.unchanged
        self.refused += part.refused
        self.statuses = part.statuses | self.statuses
        self.orders += part.orders
        self.receipts += part.receipts
        for currency, amount in part.received_value.items():
            self.received_value[currency] = self.received_value.get(currency, Decimal(0)) + amount
        self.refusals += part.refusals
        said = {(remark.column, remark.reason) for remark in self.left}
        again = {remark for remark in part.left if (remark.column, remark.reason) in said}
        self.left += [remark for remark in part.left if remark not in again]
        self.warnings += [remark for remark in part.warnings if remark not in again]
        self.not_let_in = self.not_let_in or part.not_let_in
        for remarks in (self.refusals, self.warnings):
            remarks.sort(key=lambda remark: remark.line)

    def write(self, path: Path) -> None:
        """Write the refusals and warnings as CSV."""
        with path.open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream)
            out.writerow(HEADER)
            for kind, remarks in (("refused", self.refusals), ("warning", self.warnings)):
                out.writerows((kind, remark.line, remark.column, remark.reason) for remark in remarks)


def report_on(history: History, sent: Sent | None, mapping: Mapping) -> Report:
    """Account for every row of a file; without anything sent (a dry run), by what reading alone found."""
    report = Report(history.rows, refusals=list(history.refusals), warnings=list(history.warnings))
    report.refused = len(history.refused_rows)
    if sent is None:
        report.imported = history.rows - report.refused
        report.received_value = history.received_value()
        return report
    labels = _Labels(mapping)
    for line, place in history.places.items():
        order = history.orders[place.order]
        supplier = sent.suppliers[order.header.supplier_reference]
        ordered = sent.orders.get(place.order, supplier)
        received = sent.receipts.get(place.receipt, ordered) if place.receipt is not None else ordered
        against = _against(ordered, place.line_number)
        of_receipt = against is None
        against = against or _against(received, place.line_number)
        if against is not None:
            report.refused += 1
            column = labels.of(against, of_receipt=of_receipt)
            report.refusals.append(Remark(line, column, against.reason))
        elif {"created", "proposed"} & {ordered.status, received.status}:
            report.imported += 1
        else:
            report.unchanged += 1
    report.statuses = {reference: fate.status for reference, fate in sent.suppliers.items()}
    report.not_let_in = any(fate.code == NOT_LET_IN for fate in sent.all())
    report.orders = Counter(fate.status for fate in sent.orders.values())
    report.receipts = Counter(fate.status for fate in sent.receipts.values())
    report.received_value = history.received_value({key: fate.lines for key, fate in sent.receipts.items()})
    _remark_on_what_was_left(history, sent, report, labels)
    report.refusals.sort(key=lambda remark: remark.line)
    report.warnings.sort(key=lambda remark: remark.line)
    return report


def _against(fate: Fate, line_number: int) -> Complaint | None:
    """Return what speaks against a line: a complaint about it, or about its document as a whole."""
    if line_number in fate.line_complaints:
        return fate.line_complaints[line_number]
    if fate.status == "refused":
        return fate.complaints[0] if fate.complaints else Complaint("", "another line of it was refused")
    return None


def _remark_on_what_was_left(history: History, sent: Sent, report: Report, labels: _Labels) -> None:
    """Warn of suppliers and sites that are in the platform already and say something else there."""
    first_of_supplier: dict[str, int] = {}
    first_of_site: dict[str, int] = {}
    for order in history.orders.values():
        first_of_supplier.setdefault(order.header.supplier_reference, order.file_line)
        first_of_site.setdefault(order.header.site.code, order.file_line)
    for reference, fate in sent.suppliers.items():
        if fate.status == "unchanged":
            report.left += [
                Remark(first_of_supplier[reference], labels.of(complaint), complaint.reason)
                for complaint in fate.complaints
            ]
    for code, complaint in sent.sites.items():
        report.left.append(Remark(first_of_site[code], labels.of(complaint), f"{code}: {complaint.reason}"))
    report.warnings += report.left


class _Labels:
    """Names the file's columns for the fields that services speak of."""

    def __init__(self, mapping: Mapping) -> None:
        named = [(*name.partition(".")[::2], source.label) for name, source in mapping.origins()]
        self._labels = {name: label for _, name, label in named}
        self._labels |= {
            scheme.lower(): source.label for scheme, source in mapping.supplier.identifiers.items()
        }
        self._labels["external_reference"] = mapping.order.reference.label
        self._labels["order_external_reference"] = mapping.order.reference.label
        self._labels["supplier_external_reference"] = mapping.supplier.reference.label
        self._labels["line_number"] = (mapping.line.reference or mapping.order.reference).label
        # A line and what arrived of it both have a quantity.
        self._of_line = {name: label for part, name, label in named if part == "line" and name != "reference"}

    def of(self, complaint: Complaint, *, of_receipt: bool = False) -> str:
        """Return the column that a complaint is about, or the field when no column stands for it."""
        if not of_receipt and complaint.field in self._of_line:
            return self._of_line[complaint.field]
        return self._labels.get(complaint.field, complaint.field or "row")
