"""What was imported before and says something else: which of its lines are those of the file all the same.

A later export often tells an order again, with some of its lines or with more: what it says as before is
unchanged, and only what differs is refused. Nothing that was imported is changed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from purveyor_history.fates import Complaint, Fate
from purveyor_history.wire import Document, KeyT

OF_ORDER = ("currency", "site", "business_unit", "cost_centre", "ordered_on")
OF_RECEIPT = ("received_on", "despatch_reference")
OF_ORDER_LINE = (
    *("item", "description", "category", "unit", "promised_on"),
    *("quantity", "price", "price_base_quantity"),
)
OF_RECEIPT_LINE = ("line_number", "quantity", "rejected_quantity", "rejection_reason")
NUMBERS = frozenset({"quantity", "price", "price_base_quantity", "rejected_quantity"})


def recognise(document: Document[KeyT], fate: Fate, there: Mapping[str, Any]) -> None:
    """Note in a document's fate which of its lines are there as the file has them, and what differs.

    A line is known by its reference, where it has one in both, and else by all that it says.
    """
    is_order = "currency" in document.head
    fate.complaints = list(_differences(document.head, there, OF_ORDER if is_order else OF_RECEIPT))
    if any(there[name] != value for name, value in document.means.items()):
        reason = "imported before of another supplier; what was imported is not changed"
        fate.complaints.append(Complaint("supplier_external_reference", reason))
    if fate.complaints:
        return
    fields = OF_ORDER_LINE if is_order else OF_RECEIPT_LINE
    unclaimed = list(there["lines"])
    for number, line in document.lines.items():
        if number in fate.line_complaints:
            continue
        same = [one for one in unclaimed if _is_named_alike(line, one) and _is_alike(line, one, fields)]
        if same:
            unclaimed.remove(same[0])
            fate.lines[number] = same[0]["line_number"]
            continue
        named = [one for one in unclaimed if _has_its_name(line, one, is_order=is_order)]
        fate.line_complaints[number] = (
            next(iter(_differences(line, named[0], fields)))
            if named
            else Complaint(
                "line_number",
                f"{document.head['external_reference']} was imported before without this line; "
                "it is not changed",
            )
        )
    if fate.lines:
        fate.status, fate.id = "unchanged", there["id"]


def recognise_supplier(row: Mapping[str, Any], fate: Fate, there: Mapping[str, Any]) -> None:
    """Note which supplier is there; other days, and fewer categories, are no difference worth telling."""
    fate.id = there["id"]
    known = {*there["categories"], *there["approved_for"]}
    categories = {*row.get("categories", ()), *row.get("approved_categories", ())}
    stated = row.keys() & {"vat", "lei", "gln", "duns"}
    same = not list(_differences(row, there, ("legal_name", "country")))
    if same and categories <= known and not stated:
        fate.complaints = []


def _is_alike(line: Mapping[str, Any], there: Mapping[str, Any], fields: Iterable[str]) -> bool:
    return next(iter(_differences(line, there, fields)), None) is None


def _is_named_alike(line: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether two lines can be one by their references: a line that has none may be any."""
    names = (_comparable("", one.get("external_reference")) for one in (line, there))
    ours, theirs = names
    return ours is None or theirs is None or ours == theirs


def _has_its_name(line: Mapping[str, Any], there: Mapping[str, Any], *, is_order: bool) -> bool:
    name = "external_reference" if is_order else "line_number"
    ours = _comparable("", line.get(name))
    return ours is not None and ours == _comparable("", there.get(name))


def _differences(
    stated: Mapping[str, Any], there: Mapping[str, Any], fields: Iterable[str]
) -> Iterable[Complaint]:
    for name in fields:
        before = there[name]
        if _comparable(name, stated.get(name)) != _comparable(name, before):
            yield Complaint(
                name, f"imported before with other content, {before}; what was imported is not changed"
            )


def _comparable(name: str, value: Any) -> Any:
    """Return a value as services keep it: texts in one form, numbers by what they are worth."""
    if name in NUMBERS:
        return Decimal(value or 0)
    return unicodedata.normalize("NFKC", value).strip() or None if isinstance(value, str) else value
