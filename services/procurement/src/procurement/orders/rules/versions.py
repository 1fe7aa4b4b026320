"""What two versions of an order say differently: by field, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from procurement.orders.rules.drafts import DraftLine, DraftOrder
from procurement.orders.rules.schedules import Schedule


@dataclass(frozen=True, slots=True)
class Version:
    """What an order says from one issue to the next, with who is behind it."""

    number: int
    content: DraftOrder
    amounts: Sequence[Decimal]
    """What the lines are worth, in their order."""
    authors: Sequence[str]
    approved_by: str | None
    approved_at: datetime | None
    issued_by: str | None
    issued_at: datetime | None
    acknowledged_on: date | None = None
    reason: str | None = None
    reason_for_supplier: str | None = None
    amendment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two versions say differently, as texts; None where the line is not in a version.

    The field is named by a JSON pointer (RFC 6901) in which a line, and a schedule, stands under its number.
    """

    pointer: str
    before: str | None
    after: str | None

    @property
    def line_number(self) -> int | None:
        """The line that it is of; None for the order's own fields."""
        _, first, *rest = self.pointer.split("/")
        return int(rest[0]) if first == "lines" and rest else None

    @property
    def schedule_number(self) -> int | None:
        """The schedule of the line that it is of; None for the line's own fields."""
        parts = self.pointer.split("/")
        return int(parts[4]) if "schedules" in parts else None

    @property
    def field(self) -> str:
        """The field's name."""
        return self.pointer.rpartition("/")[2]


HEADER = tuple(field.name for field in fields(DraftOrder) if field.name not in {"lines", "tax_rates"})
LINE = tuple(field.name for field in fields(DraftLine) if field.name not in {"line_number", "schedules"})
SCHEDULE = tuple(field.name for field in fields(Schedule) if field.name != "schedule_number")


def differences(before: DraftOrder, after: DraftOrder) -> list[Difference]:
    """Return what two versions say differently: the order's own fields first, then line by line."""
    found = list(_differing("", HEADER, before, after))
    old, new = _by_number(before), _by_number(after)
    for number in sorted(old.keys() | new.keys()):
        at, was, now = f"/lines/{number}", old.get(number), new.get(number)
        found += _differing(at, LINE, was, now)
        found += _schedules_differing(f"{at}/schedules", was, now)
    return found


def _by_number(order: DraftOrder) -> Mapping[int, DraftLine]:
    return {line.line_number: line for line in order.lines}


def _schedules_differing(at: str, before: DraftLine | None, after: DraftLine | None) -> Iterator[Difference]:
    old, new = (
        {one.schedule_number: one for one in (line.schedules if line else ())} for line in (before, after)
    )
    for number in sorted(old.keys() | new.keys()):
        yield from _differing(f"{at}/{number}", SCHEDULE, old.get(number), new.get(number))


def _differing(
    at: str,
    names: Sequence[str],
    before: DraftOrder | DraftLine | Schedule | None,
    after: DraftOrder | DraftLine | Schedule | None,
) -> Iterator[Difference]:
    for name in names:
        old, new = getattr(before, name, None) or None, getattr(after, name, None) or None
        if old != new:
            yield Difference(f"{at}/{name}", _as_text(old), _as_text(new))


def _as_text(value: object) -> str | None:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple):
        return "; ".join(map(str, value)) or None
    return None if value is None else str(value)


def in_words(found: Sequence[Difference]) -> list[str]:
    """Return differences as people read them: a sentence for the order, one for each line."""
    return [_sentence(number, list(of)) for number, of in groupby(found, key=lambda one: one.line_number)]


def _sentence(number: int | None, found: Sequence[Difference]) -> str:
    if number is None:
        return "Order: " + _changes(found)
    by_name = {one.field: one for one in found if one.schedule_number is None}
    schedules = list(_schedules([one for one in found if one.schedule_number is not None]))
    if (item := by_name.get("item")) and item.before is None:
        return f"Line {number} added: " + _ordered(
            {name: one.after for name, one in by_name.items()}, schedules
        )
    if item and item.after is None:
        return f"Line {number} cancelled: " + _ordered({name: one.before for name, one in by_name.items()})
    return f"Line {number}: " + ", ".join([*filter(None, [_changes(list(by_name.values()))]), *schedules])


def _schedules(found: Sequence[Difference]) -> Iterator[str]:
    for number, of in groupby(found, key=lambda one: one.schedule_number):
        by_name = {one.field: one for one in of}
        quantity = by_name.get("quantity")
        if quantity and quantity.before is None:
            yield f"schedule {number} added, {quantity.after} by {by_name['need_by'].after}"
        elif quantity and quantity.after is None:
            yield f"schedule {number} dropped, {quantity.before} by {by_name['need_by'].before}"
        else:
            yield f"schedule {number} {_changes(list(by_name.values()))}"


def _changes(found: Sequence[Difference]) -> str:
    return ", ".join(
        f"{one.field.replace('_', ' ')} {one.before or 'nothing'} → {one.after or 'nothing'}" for one in found
    )


def _ordered(line: Mapping[str, str | None], schedules: Sequence[str] = ()) -> str:
    said = "{quantity} {unit} of {item} at {price}, promised on {promised_on}".format(**line)
    return ", ".join([said, *schedules])


def as_json(content: DraftOrder) -> Any:
    """Return a version's content as it is kept."""
    return _kept().dump_python(content, mode="json")


def from_json(kept: Any) -> DraftOrder:
    """Return a version's content as it was kept."""
    return _kept().validate_python(kept)


@cache
def _kept() -> TypeAdapter[DraftOrder]:
    return TypeAdapter(DraftOrder)
