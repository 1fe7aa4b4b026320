"""What a despatch advice may say: of whose orders, of which lines, how much, how packed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from procurement.items.rules.conversions import Units
from procurement.orders.rules.expected import Balance
from procurement.orders.rules.quantities import CALLED_OFF
from procurement.orders.rules.states import BINDING
from procurement.tolerances.rules import Tolerance, still_receivable
from purveyor.errors import FieldError, InvalidError

NOTHING = Decimal(0)
LineKey: TypeAlias = tuple[UUID, int, int | None]
"""A line of an order, or a schedule of it: what a line of an advice is about."""


@dataclass(frozen=True, slots=True)
class Lot:
    """How much of a line is of one lot, and until when it can be used."""

    lot: str
    quantity: Decimal
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class AdvisedLine:
    """How much of a line of an order is sent, in the unit that is stated, or the order's."""

    order_id: UUID
    line_number: int
    quantity: Decimal
    schedule_number: int | None = None
    unit: str | None = None
    lots: tuple[Lot, ...] = ()
    serials: tuple[str, ...] = ()

    @property
    def key(self) -> LineKey:
        """What it is about."""
        return self.order_id, self.line_number, self.schedule_number


@dataclass(frozen=True, slots=True)
class Packed:
    """How much of a line of the advice is in a package, in the unit of that line."""

    order_id: UUID
    line_number: int
    quantity: Decimal
    schedule_number: int | None = None

    @property
    def key(self) -> LineKey:
        """Which line of the advice it is of."""
        return self.order_id, self.line_number, self.schedule_number


@dataclass(frozen=True, slots=True)
class Package:
    """A logistic unit with its number (SSCC), and what is in it."""

    sscc: str
    contents: tuple[Packed, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """A despatch advice: goods of one supplier that travel together to one site."""

    despatch_reference: str
    shipped_on: date
    expected_on: date
    carrier: str | None
    tracking: str | None
    lines: tuple[AdvisedLine, ...]
    packages: tuple[Package, ...] = ()

    def content(self) -> dict[str, Any]:
        """Return what it says by name."""
        return {name: getattr(self, name) for name in Advice.__slots__}


@dataclass(frozen=True, slots=True)
class LineToShip:
    """A line of an order that goods are sent for, and what is still to come of it."""

    balance: Balance
    unit: str
    tolerance: Tolerance
    units: Units | None = None
    """Of its item; None where it names none that is defined."""
    schedules: Collection[int] = ()

    def in_its_unit(self, quantity: Decimal, unit: str | None, pointer: str) -> Decimal:
        """Return a quantity in the line's unit; raises InvalidError for one that is no exact quantity."""
        if unit is None or unit == self.unit:
            return quantity
        return (self.units or Units(self.unit)).exactly(quantity, unit, self.unit, pointer)


@dataclass(frozen=True, slots=True)
class OrderToShip:
    """An order that goods are sent for."""

    number: str
    supplier_id: UUID
    site: str
    status: str
    ordered_on: date | None
    lines: Mapping[int, LineToShip] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShippedLine:
    """A line of an advice that was taken: its quantities in the unit of the order's line."""

    stated: AdvisedLine
    unit: str
    quantity: Decimal
    lots: tuple[Lot, ...]


def announceable(line: LineToShip) -> Decimal:
    """Return how much more may be announced of a line: what may still come and is not on its way already."""
    receivable = still_receivable(line.balance, line.tolerance.percent)
    return max(receivable - line.balance.under_way_quantity, NOTHING)


def latest_today(now: datetime) -> date:
    """Return the date where on Earth it is latest, at UTC+14: a sender's own time zone nobody knows."""
    return (now.astimezone(UTC) + timedelta(hours=14)).date()


def taken(advice: Advice, orders: Mapping[UUID, OrderToShip], today: date) -> list[ShippedLine]:
    """Return the lines of an advice as they count for their orders, which are all that its sender may name.

    It says what was sent: by `today` at the latest, wherever its sender is.
    Raises InvalidError naming every field that cannot be.
    """
    problems = [*_dates(advice, orders, today), *_orders(advice, orders)]
    shipped: dict[int, ShippedLine] = {}
    for place, line in enumerate(advice.lines):
        of_order = _line(line, orders)
        if isinstance(of_order, str):
            problems.append(FieldError(f"/lines/{place}/line_number", of_order))
        elif of_order is not None:
            try:
                shipped[place] = _shipped(place, line, of_order)
            except InvalidError as error:
                problems += error.errors
            problems += _parts(place, line, of_order)
    problems += _named_twice(advice.lines)
    problems += _too_much(shipped, orders)
    problems += _packages(advice)
    if problems:
        raise InvalidError("shipment_invalid", "The despatch advice breaks rules.", errors=problems)
    return [shipped[place] for place in range(len(advice.lines))]


def _dates(advice: Advice, orders: Mapping[UUID, OrderToShip], today: date) -> Iterator[FieldError]:
    if advice.shipped_on > today:
        yield FieldError("/shipped_on", f"lies in the future: nowhere is it later than {today}")
    if advice.expected_on < advice.shipped_on:
        yield FieldError("/expected_on", f"lies before the day that it was sent, {advice.shipped_on}")
    named = [orders[line.order_id] for line in advice.lines if line.order_id in orders]
    latest = max((one.ordered_on for one in named if one.ordered_on is not None), default=None)
    if latest is not None and advice.shipped_on < latest:
        yield FieldError("/shipped_on", f"lies before the date of an order, {latest}")


def _orders(advice: Advice, orders: Mapping[UUID, OrderToShip]) -> Iterator[FieldError]:
    first = next((orders[line.order_id] for line in advice.lines if line.order_id in orders), None)
    for place, line in enumerate(advice.lines):
        at = f"/lines/{place}/order_id"
        order = orders.get(line.order_id)
        if order is None or first is None:
            yield FieldError(at, f"there is no order {line.order_id}")
        elif order.status not in BINDING:
            status = order.status.replace("_", " ")
            yield FieldError(at, f"{order.number} is {status}, and nothing of it is to come")
        elif order.supplier_id != first.supplier_id:
            why = f"{order.number} and {first.number} are orders to different suppliers: an advice is of one"
            yield FieldError(at, why)
        elif order.site != first.site:
            why = (
                f"{order.number} goes to {order.site} and {first.number} to {first.site}: send an advice each"
            )
            yield FieldError(at, why)


def _line(line: AdvisedLine, orders: Mapping[UUID, OrderToShip]) -> LineToShip | str | None:
    """Return the line of the order that a line is about, or why there is none; None without an order."""
    order = orders.get(line.order_id)
    if order is None:
        return None
    found = order.lines.get(line.line_number)
    if found is None:
        return f"{order.number} has no line {line.line_number}"
    if found.balance.closed_as in CALLED_OFF:
        return f"line {line.line_number} of {order.number} was called off"
    return found


def _shipped(place: int, line: AdvisedLine, of_order: LineToShip) -> ShippedLine:
    at = f"/lines/{place}"
    lots = tuple(
        Lot(
            lot.lot,
            of_order.in_its_unit(lot.quantity, line.unit, f"{at}/lots/{nth}/quantity"),
            lot.expires_on,
        )
        for nth, lot in enumerate(line.lots)
    )
    quantity = of_order.in_its_unit(line.quantity, line.unit, f"{at}/unit")
    return ShippedLine(line, line.unit or of_order.unit, quantity, lots)


def _parts(place: int, line: AdvisedLine, of_order: LineToShip) -> Iterator[FieldError]:
    """Yield what is wrong with schedules, lots and serial numbers of a line."""
    at = f"/lines/{place}"
    if line.schedule_number is not None and line.schedule_number not in of_order.schedules:
        yield FieldError(
            f"{at}/schedule_number", f"line {line.line_number} has no schedule {line.schedule_number}"
        )
    in_lots = sum((lot.quantity for lot in line.lots), NOTHING)
    if line.lots and in_lots != line.quantity:
        yield FieldError(f"{at}/lots", f"add up to {in_lots}, and the line says {line.quantity}")
    yield from _repeated(f"{at}/lots", "lot", [lot.lot for lot in line.lots])
    if line.serials and len(line.serials) != line.quantity:
        yield FieldError(
            f"{at}/serials", f"are {len(line.serials)}, and the line says {line.quantity}: one for each"
        )
    yield from _repeated(f"{at}/serials", None, line.serials)


def _repeated(at: str, name: str | None, values: Sequence[str]) -> Iterator[FieldError]:
    times = Counter(values)
    for nth, value in enumerate(values):
        if times[value] > 1:
            pointer = f"{at}/{nth}" if name is None else f"{at}/{nth}/{name}"
            yield FieldError(pointer, f"{value} is named {times[value]} times")


def _named_twice(lines: Sequence[AdvisedLine]) -> Iterator[FieldError]:
    times = Counter(line.key for line in lines)
    for place, line in enumerate(lines):
        if times[line.key] > 1:
            yield FieldError(
                f"/lines/{place}/line_number", f"line {line.line_number} of this order is named twice"
            )


def _too_much(shipped: Mapping[int, ShippedLine], orders: Mapping[UUID, OrderToShip]) -> Iterator[FieldError]:
    """Yield the lines of which more is announced than may come, over all advices that are under way."""
    together: dict[tuple[UUID, int], Decimal] = defaultdict(Decimal)
    for line in shipped.values():
        together[line.stated.order_id, line.stated.line_number] += line.quantity
    for place, line in shipped.items():
        stated = line.stated
        of_order = orders[stated.order_id].lines[stated.line_number]
        if together[stated.order_id, stated.line_number] > announceable(of_order):
            yield FieldError(f"/lines/{place}/quantity", _at_most(of_order))


def _at_most(line: LineToShip) -> str:
    """Say how much may come and why; suppliers read it, so that it names no rule of ours."""
    balance = line.balance
    return (
        f"at most {announceable(line).normalize():f} {line.unit} more: {balance.quantity} ordered, "
        f"{balance.received_quantity} received, {balance.under_way_quantity} under way, "
        f"tolerance {line.tolerance.percent} %"
    )


def _packages(advice: Advice) -> Iterator[FieldError]:
    """Yield packages that are named twice, hold what the advice does not name, or more than it says."""
    sent: dict[LineKey, Decimal] = defaultdict(Decimal)
    for line in advice.lines:
        sent[line.key] += line.quantity
    packed: dict[LineKey, Decimal] = defaultdict(Decimal)
    yield from _repeated("/packages", "sscc", [package.sscc for package in advice.packages])
    for place, package in enumerate(advice.packages):
        for nth, part in enumerate(package.contents):
            at = f"/packages/{place}/contents/{nth}"
            if part.key not in sent:
                yield FieldError(f"{at}/line_number", "the advice has no such line")
                continue
            packed[part.key] += part.quantity
            if packed[part.key] > sent[part.key]:
                why = f"{packed[part.key]} are packed so far, and the line says {sent[part.key]}"
                yield FieldError(f"{at}/quantity", why)
