"""Take in what procurement says about orders, and note whose score is to be judged again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction
from purveyor_contract.events.procurement.orders import (
    GoodsReceiptReversed,
    GoodsReceived,
    OrderEvent,
    POAcknowledged,
    POAmended,
    POCancelled,
    POIssued,
    POLineClosed,
    POLineReopened,
)
from purveyor_contract.events.procurement.promises import POResponded, PromiseChanged
from purveyor_messaging.envelope import Envelope
from supplier_performance.deliveries.queries import ON_TIME
from supplier_performance.deliveries.store import intake, schedules, told
from supplier_performance.deliveries.store.schedules import Promise
from supplier_performance.due import store as due
from supplier_performance.settings import settings_of

UNTIL_THE_NEXT_JOB = timedelta(days=2)
"""Lines that fall overdue sooner are noted with the hour at once: the daily job may have gone by."""


async def take_in_order(tx: Transaction, order: POIssued, envelope: Envelope) -> None:
    """Note the lines of an issued order."""
    overdue = await intake.take_in_order(
        tx,
        _noted(order, envelope, order.ordered_on),
        order,
        graces=await policies.history(tx, ON_TIME),
        until=tx.now + UNTIL_THE_NEXT_JOB,
    )
    _note_due(tx, order.supplier_id, imported=order.imported)
    for moment in overdue:
        due.note(tx, order.supplier_id, moment)


async def take_in_receipt(tx: Transaction, receipt: GoodsReceived, envelope: Envelope) -> None:
    """Note what arrived."""
    await intake.take_in_receipt(tx, _noted(receipt, envelope, receipt.received_on), receipt.lines)
    _note_due(tx, receipt.supplier_id, imported=receipt.imported)


async def take_in_reversal(tx: Transaction, reversal: GoodsReceiptReversed, envelope: Envelope) -> None:
    """Note that goods which had arrived did not: on the receipt's day, whenever that was known."""
    await intake.take_in_reversal(
        tx, _noted(reversal, envelope, reversal.reversed_on), reversal.received_on, reversal.lines
    )
    due.note(tx, reversal.supplier_id, tx.now)


async def take_in_amendment(tx: Transaction, order: POAmended, envelope: Envelope) -> None:
    """Note what an order says now: what has arrived is held against that."""
    overdue = await intake.take_in_amendment(
        tx,
        _noted(order, envelope, order.amended_on),
        order,
        graces=await policies.history(tx, ON_TIME),
        until=tx.now + UNTIL_THE_NEXT_JOB,
    )
    for moment in (tx.now, *overdue):
        due.note(tx, order.supplier_id, moment)


async def take_in_answer(
    tx: Transaction, answer: POAcknowledged | POResponded, envelope: Envelope, answered_on: date
) -> None:
    """Note what a supplier promised by answering, where it had promised nothing: that is due from now on.

    It is not where a buyer had asked for it once goods were late: `due_on` says what is.
    """
    await note_event(tx, answer, envelope, answered_on)
    await _promise(
        tx,
        answer,
        [
            Promise(
                one.line_number,
                one.schedule_number,
                one.promised_on,
                one.promised_on,
                one.due_on or one.promised_on,
            )
            for one in answer.promises
        ],
    )


async def take_in_promises(tx: Transaction, change: PromiseChanged, envelope: Envelope) -> None:
    """Note what is promised from now on, and what is due: what a supplier moves by itself is not."""
    lines = {one.line_number for one in change.promises}
    of_line = lines.pop() if len(lines) == 1 else None
    await intake.note_event(tx, _noted(change, envelope, change.changed_on, of_line))
    await told.keep_moves(tx, change, envelope.sequence)
    await _promise(
        tx,
        change,
        [
            Promise(one.line_number, one.schedule_number, one.first_promised_on, one.promised_on, one.due_on)
            for one in change.promises
        ],
    )


async def _promise(tx: Transaction, event: OrderEvent, promises: Sequence[Promise]) -> None:
    if not promises:
        return
    overdue = await schedules.promise(
        tx,
        event.order_id,
        promises,
        graces=await policies.history(tx, ON_TIME),
        until=tx.now + UNTIL_THE_NEXT_JOB,
    )
    for moment in (tx.now, *overdue):
        due.note(tx, event.supplier_id, moment)


async def take_in_cancellation(tx: Transaction, cancellation: POCancelled, envelope: Envelope) -> None:
    """Note that what has not arrived of an order is no longer due."""
    await intake.take_in_cancellation(
        tx,
        _noted(cancellation, envelope, cancellation.cancelled_on),
        {line.line_number: line.cancelled_quantity for line in cancellation.lines},
    )
    due.note(tx, cancellation.supplier_id, tx.now)


async def take_in_closed_line(tx: Transaction, line: POLineClosed, envelope: Envelope) -> None:
    """Note that what has not arrived of a line is no longer due."""
    noted = _noted(line, envelope, line.closed_on, line.line_number)
    await intake.take_in_cancellation(tx, noted, {line.line_number: line.cancelled_quantity})
    due.note(tx, line.supplier_id, tx.now)


async def take_in_reopened_line(tx: Transaction, line: POLineReopened, envelope: Envelope) -> None:
    """Note that what was called off of a line is due again."""
    await intake.take_in_reopening(tx, _noted(line, envelope, line.reopened_on, line.line_number))
    due.note(tx, line.supplier_id, tx.now)


async def forget_order(tx: Transaction, order_id: UUID) -> None:
    """Take back everything that was told of an order, and have its supplier judged without it."""
    await told.forget_moves(tx, order_id)
    for supplier_id in await intake.forget_order(tx, order_id):
        due.note(tx, supplier_id, tx.now)


async def note_event(tx: Transaction, event: OrderEvent, envelope: Envelope, business_date: date) -> None:
    """Note an event that changes no measure, such as an acknowledgement."""
    await intake.note_event(tx, _noted(event, envelope, business_date))


def _note_due(tx: Transaction, supplier_id: UUID, *, imported: bool) -> None:
    """Have a supplier judged: at once, or when an import, which tells orders before receipts, is silent."""
    if imported:
        silent_at = tx.now + timedelta(seconds=settings_of(tx).import_settle_seconds)
        due.note(tx, supplier_id, silent_at, settling=True)
    else:
        due.note(tx, supplier_id, tx.now)


def _noted(
    event: OrderEvent, envelope: Envelope, business_date: date | None, of_line: int | None = None
) -> intake.Noted:
    return intake.Noted(
        event.order_id, envelope.sequence, envelope.id, envelope.type, envelope.time, business_date, of_line
    )
