"""Which lots and serials came, that they add up, and that they can be used for long enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from procurement.items.rules.receiving import ReceivedItem, TrackedBy
from procurement.orders.rules.expected import Balance
from procurement.receipts.rules.arriving import Arrival, ArrivedLine
from procurement.receipts.rules.measuring import pieces
from procurement.receipts.rules.notes import Warned
from purveyor.errors import FieldError, InvalidError

NONE = Decimal(0)


class ShortLifeIs(StrEnum):
    """What becomes of goods that cannot be used for as long as their item asks."""

    REFUSED = "refused"
    WARNED_OF = "warned_of"


class RemainingLife(BaseModel):
    """Whether goods are taken in that cannot be used for as long as their item asks, or not any more."""

    model_config = ConfigDict(frozen=True)

    short_is: ShortLifeIs = Field(
        default=ShortLifeIs.REFUSED,
        description="`refused`: no receipt is made, but of goods that it rejects; `warned_of`: it is",
    )


def check_tracking(
    arrival: Arrival,
    balances: Mapping[int, Balance],
    items: Mapping[int, ReceivedItem],
    short_is: Mapping[int, ShortLifeIs],
) -> list[Warned]:
    """Return what is to be warned of; raises InvalidError naming all lots and serials that cannot be.

    `short_is` is what the policy makes of goods that cannot be used for long enough, by line.
    """
    problems: list[FieldError] = []
    warnings: list[Warned] = []
    for index, line in enumerate(arrival.lines):
        at, item, balance = f"/lines/{index}", items.get(line.line_number), balances[line.line_number]
        problems += _lot_problems(at, line)
        problems += _serial_problems(at, line, balance.unit, item)
        problems += _missing(at, line, item)
        short = list(_short_of_life(at, line, item, arrival.received_on))
        if short_is[line.line_number] == ShortLifeIs.REFUSED:
            problems += short
        else:
            warnings += [Warned("short_of_life", one.pointer, one.detail) for one in short]
    problems += _same_serials(arrival.lines, balances)
    if problems:
        raise InvalidError("receipt_invalid", "The receipt breaks rules.", errors=problems)
    return warnings


def _lot_problems(at: str, line: ArrivedLine) -> Iterator[FieldError]:
    yield from _repeated(f"{at}/lots", [lot.lot for lot in line.lots], "/lot")
    if not line.lots:
        return
    for name in ("quantity", "rejected_quantity"):
        total = sum((getattr(lot, name) for lot in line.lots), NONE)
        if total != getattr(line, name):
            said = f"add up to a {name} of {total:f}, and that of the line is {getattr(line, name):f}"
            yield FieldError(f"{at}/lots", said)
    for nth, lot in enumerate(line.lots):
        if (lot.rejected_quantity or NONE) > lot.quantity:
            why = f"more than the {lot.quantity} of the lot that arrived"
            yield FieldError(f"{at}/lots/{nth}/rejected_quantity", why)


def _serial_problems(
    at: str, line: ArrivedLine, unit: str, item: ReceivedItem | None
) -> Iterator[FieldError]:
    yield from _repeated(f"{at}/serials", line.serials)
    yield from _repeated(f"{at}/rejected_serials", line.rejected_serials)
    for nth, serial in enumerate(line.rejected_serials):
        if serial not in line.serials:
            yield FieldError(f"{at}/rejected_serials/{nth}", f"{serial} is none of the serials")
    if not line.serials:
        return
    for name, quantity, serials in (
        ("serials", line.quantity, line.serials),
        ("rejected_serials", line.rejected_quantity, line.rejected_serials),
    ):
        wanted = pieces(quantity, unit, item)
        if len(serials) != wanted:
            yield FieldError(f"{at}/{name}", f"are {len(serials)}, and {wanted} pieces have one each")


def _missing(at: str, line: ArrivedLine, item: ReceivedItem | None) -> Iterator[FieldError]:
    """Yield what an item asks to be said of goods that are kept."""
    if item is None or line.rejected_quantity == line.quantity:
        return
    if item.tracked_by == TrackedBy.SERIAL and not line.serials:
        yield FieldError(f"{at}/serials", "the item is tracked by serial: say which came")
    days = item.least_remaining_life_days
    if item.tracked_by == TrackedBy.LOT and not line.lots:
        yield FieldError(f"{at}/lots", "the item is tracked by lot: say which came")
    elif days is not None and not line.lots:
        yield FieldError(f"{at}/lots", f"it is to be usable for {days} days: say which lots are until when")
    elif days is not None:
        for nth, lot in enumerate(line.lots):
            if lot.expires_on is None:
                yield FieldError(f"{at}/lots/{nth}/expires_on", f"say it: {days} days are to be left")


def _short_of_life(
    at: str, line: ArrivedLine, item: ReceivedItem | None, received_on: date
) -> Iterator[FieldError]:
    """Yield lots of which some is kept that cannot be used for long enough, or not any more."""
    least = (item.least_remaining_life_days if item else None) or 0
    earliest = received_on + timedelta(days=least)
    for nth, lot in enumerate(line.lots):
        if lot.expires_on is None or lot.expires_on >= earliest or lot.quantity == lot.rejected_quantity:
            continue
        left = (lot.expires_on - received_on).days
        why = (
            f"lot {lot.lot} has {left} days left, and {least} are needed: until {earliest} or later"
            if least
            else f"lot {lot.lot} could be used until {lot.expires_on}, and it came on {received_on}"
        )
        yield FieldError(f"{at}/lots/{nth}/expires_on", why)


def _same_serials(lines: Sequence[ArrivedLine], balances: Mapping[int, Balance]) -> Iterator[FieldError]:
    """Yield serials of one item that stand in two lines."""
    found: dict[tuple[str, str], int] = {}
    for index, line in enumerate(lines):
        for nth, serial in enumerate(line.serials):
            key = (balances[line.line_number].item, serial)
            if found.setdefault(key, index) != index:
                why = f"{serial} is in line {lines[found[key]].line_number}, too"
                yield FieldError(f"/lines/{index}/serials/{nth}", why)


def _repeated(at: str, values: Sequence[str], member: str = "") -> Iterator[FieldError]:
    times = Counter(values)
    for nth, value in enumerate(values):
        if times[value] > 1:
            yield FieldError(f"{at}/{nth}{member}", f"{value} is named {times[value]} times")
