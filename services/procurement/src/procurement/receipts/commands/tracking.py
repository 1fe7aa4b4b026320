"""What goods are told apart by, held against what is here, and what the order has."""

from __future__ import annotations

from procurement.orders.rules.expected import Awaited
from procurement.orders.store.receiving import schedules_of
from procurement.receipts.model import receipt_number
from procurement.receipts.rules.arriving import Arrival
from procurement.receipts.store import tracking
from procurement.receipts.store.tracking import Kept
from purveyor.db import Transaction
from purveyor.errors import ConflictError, FieldError, InvalidError


def kept_items(awaited: Awaited, arrival: Arrival) -> dict[int, str]:
    """Return the codes of the items that lines name; of free text, a serial number is nobody's alone."""
    numbers = {line.line_number for line in arrival.lines}
    return {number: awaited.balances[number].item for number in awaited.items if number in numbers}


async def expect_not_in_stock(tx: Transaction, awaited: Awaited, arrival: Arrival) -> None:
    """Raise ConflictError for serials of an item that was received, not rejected, and not taken back."""
    items = kept_items(awaited, arrival)
    kept = {
        Kept(items[line.line_number], serial): f"/lines/{index}/serials/{nth}"
        for index, line in enumerate(arrival.lines)
        if line.line_number in items
        for nth, serial in enumerate(line.serials)
        if serial not in line.rejected_serials
    }
    if not kept:
        return
    there = await tracking.lock_in_stock(tx, kept)
    errors = [
        FieldError(pointer, f"{one.serial} is a serial already in stock: it came with {receipt_number(by)}")
        for one, pointer in kept.items()
        if (by := there.get(one)) is not None
    ]
    if errors:
        raise ConflictError("serial_in_stock", "Serials of the receipt are in stock already.", errors=errors)


async def expect_schedules(tx: Transaction, awaited: Awaited, arrival: Arrival) -> None:
    """Raise InvalidError for schedules that the order's lines do not have."""
    stated = {
        (line.line_number, line.schedule_number): f"/lines/{index}/schedule_number"
        for index, line in enumerate(arrival.lines)
        if line.schedule_number is not None
    }
    if not stated:
        return
    there = await schedules_of(tx, awaited.order.id)
    problems = [
        FieldError(pointer, f"line {number} has no schedule {schedule}")
        for (number, schedule), pointer in stated.items()
        if (number, schedule) not in there
    ]
    if problems:
        raise InvalidError("receipt_invalid", "The receipt breaks rules.", errors=problems)
