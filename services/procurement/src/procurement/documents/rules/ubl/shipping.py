"""What a despatch advice announces: the shipment that its sender could have announced itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from procurement.documents.rules.ubl.despatches import DespatchAdvice, DespatchedLine, Instance
from procurement.items.rules.numbers import sscc
from procurement.shipments.rules.advising import Advice, AdvisedLine, Lot, Package, Packed
from purveyor.errors import FieldError, InvalidError

DIGITS_OF_AN_SSCC = 18
Key = tuple[str, int, str | None]
"""A line of an order, and the unit in which some of it was sent."""


def advice_of(message: DespatchAdvice, orders: Mapping[str, UUID]) -> Advice:
    """Return what a despatch advice announces; `orders` are those that it names, by what it calls them.

    Lines of one line of an order, one for each lot as a rule, are one. Raises InvalidError for what it leaves
    out or nobody can tell from it: the day on which it is expected, how much is of which lot.
    """
    problems = list(_problems(message))
    if problems or message.expected is None:
        raise InvalidError(
            "advice_not_taken", "The despatch advice says what cannot be taken as it is.", errors=problems
        )
    together: dict[Key, list[DespatchedLine]] = defaultdict(list)
    for line in message.lines:
        together[line.order_number, line.line_number, line.quantity.unit].append(line)
    packages: dict[str, list[Packed]] = defaultdict(list)
    for line in message.lines:
        for number in _numbers(line):
            packages[number] += _packed(line, orders)
    expected_on = message.expected.last or message.expected.first
    shipped_on = message.shipped_on or message.issued_on
    return Advice(
        despatch_reference=message.number,
        shipped_on=shipped_on,
        expected_on=expected_on or shipped_on,
        carrier=message.carrier,
        tracking=message.tracking,
        lines=tuple(
            AdvisedLine(
                order_id=orders[number],
                line_number=line_number,
                quantity=sum((line.quantity.quantity for line in lines), Decimal(0)),
                unit=unit,
                lots=tuple(_added_up(lot for line in lines for lot in _lots(line))),
                serials=tuple(one.serial for line in lines for one in line.instances if one.serial),
            )
            for (number, line_number, unit), lines in together.items()
        ),
        packages=tuple(Package(number, tuple(_summed(parts))) for number, parts in packages.items()),
    )


def _problems(message: DespatchAdvice) -> Iterator[FieldError]:
    if message.expected is None:
        yield FieldError(
            "/Shipment/Delivery/EstimatedDeliveryPeriod", "is missing: say on which day it is expected"
        )
    for place, line in enumerate(message.lines):
        at = f"/DespatchLine/{place}"
        lots = {one.lot for one in line.instances if one.lot is not None}
        if len(lots) > 1 and not _counted(line):
            yield FieldError(
                f"{at}/Item/ItemInstance",
                "names several lots and not how much is of each: send a line for each lot",
            )
        for number in line.packages:
            if _looks_like_an_sscc(number) and not _is_an_sscc(number):
                yield FieldError(
                    f"{at}/Shipment/TransportHandlingUnit/ID", f"{number} has a wrong check digit"
                )


def _counted(line: DespatchedLine) -> bool:
    """Whether each instance is one piece of a line."""
    return len(line.instances) == line.quantity.quantity


def _lots(line: DespatchedLine) -> Iterator[Lot]:
    """Yield the lots of a line: all of it, or as many pieces as name one."""
    first: dict[str, Instance] = {}
    for instance in line.instances:
        if instance.lot is not None:
            first.setdefault(instance.lot, instance)
    pieces = Counter(instance.lot for instance in line.instances)
    for lot, instance in first.items():
        quantity = line.quantity.quantity if len(first) == 1 else Decimal(pieces[lot])
        yield Lot(lot, quantity, instance.expires_on)


def _added_up(lots: Iterable[Lot]) -> Iterator[Lot]:
    together: dict[str, Lot] = {}
    for lot in lots:
        known = together.get(lot.lot)
        together[lot.lot] = lot if known is None else replace(known, quantity=known.quantity + lot.quantity)
    yield from together.values()


def _numbers(line: DespatchedLine) -> list[str]:
    """Return the packages of a line that are known by a number of GS1; others are the sender's own affair."""
    return [number for number in line.packages if _looks_like_an_sscc(number)]


def _packed(line: DespatchedLine, orders: Mapping[str, UUID]) -> list[Packed]:
    """Return what of a line is in its package; of several nobody says how much is in which."""
    if len(line.packages) != 1:
        return []
    return [Packed(orders[line.order_number], line.line_number, line.quantity.quantity)]


def _summed(parts: Sequence[Packed]) -> Iterator[Packed]:
    together: dict[tuple[UUID, int], Decimal] = defaultdict(Decimal)
    for part in parts:
        together[part.order_id, part.line_number] += part.quantity
    for (order_id, line_number), quantity in together.items():
        yield Packed(order_id, line_number, quantity)


def _looks_like_an_sscc(number: str) -> bool:
    return len(number) == DIGITS_OF_AN_SSCC and number.isascii() and number.isdigit()


def _is_an_sscc(number: str) -> bool:
    try:
        return sscc(number) == number
    except ValueError:
        return False
