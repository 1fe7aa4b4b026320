"""What is promised of schedules: kept when the supplier accepts, moved by either side, never overwritten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from procurement.orders.model import PurchaseOrder
from procurement.orders.rules import states
from procurement.orders.rules.drafts import DraftLine
from procurement.orders.rules.schedules import schedules_of
from procurement.orders.rules.states import OF_SUPPLIERS, OURS, Action
from procurement.orders.store import rows
from procurement.promises import rules, store
from procurement.promises.rules import Key, Move, MovedBy, Promise, dates_of
from procurement.sites import store as sites
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor_contract.events.procurement.orders import PromisedSchedule
from purveyor_contract.events.procurement.promises import MovedPromise, PromiseChanged
from purveyor_messaging.outbox import record

ORDER = "purchase_order"


async def move_promise(
    tx: Transaction, order_id: UUID, line_number: int, by: Principal, move: Move
) -> PurchaseOrder:
    """Say when a schedule comes instead: its supplier, a buyer, or a buyer for it; → PromiseChanged.

    What was due by a day that is over stays due by it.
    Raises NotFoundError, ConflictError and InvalidError for what cannot be promised.
    """
    moved_by = rules.check_whose(move.moved_by, is_supplier=by.is_supplier)
    order = await rows.lock(tx, order_id, by.supplier_id)
    if order is None:
        raise NotFoundError("purchase order", order_id)
    whose = OF_SUPPLIERS if by.is_supplier else OURS
    states.next_status(Action.PROMISE, order.status, whose, held=order.held_at is not None)
    await tx.session.refresh(order, ["lines"])
    line = order.lines_now().get(line_number)
    if line is None:
        raise NotFoundError("purchase order line", line_number)
    today = await sites.business_day(tx, order.site)
    kept = await store.of_order(tx, order_id)
    needed = {one.schedule_number: one.need_by for one in schedules_of(line.ordered)}
    key = line_number, move.schedule_number
    now = kept[key][-1].promised_on if kept.get(key) else needed.get(move.schedule_number, today)
    rules.check_move(move, sorted(needed), now, line.closed_as, order.ordered_on, today)
    due_on = dates_of(needed[move.schedule_number], kept.get(key, [])).due_on
    told = move.reason if by.is_supplier else move.reason_for_supplier
    await _move(
        tx,
        order,
        kept,
        [(key, now, move.promised_on)],
        moved_by=moved_by,
        agreed=rules.moves_what_is_due(moved_by, due_on, today),
        on=today,
        reason=move.reason,
        told=told,
        by_supplier=by.is_supplier,
    )
    return order


async def note_amended(tx: Transaction, order: PurchaseOrder, before: Sequence[DraftLine]) -> None:
    """Note which days an amendment that was just issued moved, of lines that are open; → PromiseChanged."""
    kept = await store.of_order(tx, order.id)
    promised = {key: promises[-1].promised_on for key, promises in kept.items()}
    after = [line.ordered() for line in order.lines if line.closed_as is None]
    moved = list(rules.moved_by_amendment(before, after, promised))
    if moved:
        await _move(
            tx,
            order,
            kept,
            moved,
            moved_by=MovedBy.BUYER,
            agreed=True,
            on=await sites.business_day(tx, order.site),
            reason=order.amendment_reason,
            told=order.amendment_reason_for_supplier,
            by_supplier=False,
        )


async def take_dates(
    tx: Transaction,
    order: PurchaseOrder,
    dates: Mapping[Key, date],
    on: date,
    reason: str | None,
    told: str | None,
    *,
    by_supplier: bool,
) -> None:
    """Let days that the supplier answered, and the buyer took, be promised; → PromiseChanged.

    The order is locked, with its lines.
    """
    kept = await store.of_order(tx, order.id)
    needed = _needed(order)
    moved = [
        (key, kept[key][-1].promised_on if kept.get(key) else needed[key], promised_on)
        for key, promised_on in dates.items()
    ]
    await _move(
        tx,
        order,
        kept,
        moved,
        moved_by=MovedBy.SUPPLIER,
        agreed=True,
        on=on,
        reason=reason,
        told=told,
        by_supplier=by_supplier,
    )


async def keep_what_is_asked(
    tx: Transaction, order: PurchaseOrder, on: date, without: Collection[Key] = (), *, by_supplier: bool
) -> tuple[PromisedSchedule, ...]:
    """Let the supplier promise what is asked of all that is open, where it has promised nothing so far.

    It is told with the answer that says so. The order is locked, with its lines; `without` are schedules of
    which the answer says something else.
    """
    kept = await store.of_order(tx, order.id)
    promises, due_on = [], {}
    for key, need_by in _needed(order).items():
        before = kept.get(key, [])
        if key in without or any(one.moved_by == MovedBy.SUPPLIER for one in before):
            continue
        asked = before[-1].promised_on if before else need_by
        promises.append(
            Promise(
                *key,
                nth=len(before) + 1,
                promised_on=asked,
                moved_from=asked,
                moved_by=MovedBy.SUPPLIER,
                agreed=before[-1].agreed if before else True,
                reason=None,
                reason_for_supplier=None,
                stated_by=tx.actor,
                stated_on=on,
                stated_at=tx.now,
                by_supplier=by_supplier,
            )
        )
        due_on[key] = dates_of(need_by, [*before, promises[-1]]).due_on
    store.add(tx, order.id, promises)
    return tuple(
        PromisedSchedule(
            line_number=one.line_number,
            schedule_number=one.schedule_number,
            promised_on=one.promised_on,
            due_on=due_on[one.key],
        )
        for one in promises
    )


async def promised_or_needed(tx: Transaction, order: PurchaseOrder) -> dict[Key, date]:
    """Return what is promised, or else needed, of each schedule that is open; the lines are loaded."""
    kept = await store.of_order(tx, order.id)
    return {
        key: kept[key][-1].promised_on if kept.get(key) else need_by
        for key, need_by in _needed(order).items()
    }


def _needed(order: PurchaseOrder) -> dict[Key, date]:
    return {
        (line.line_number, schedule.schedule_number): schedule.need_by
        for line in order.lines
        if line.closed_as is None
        for schedule in schedules_of(line.ordered())
    }


async def _move(
    tx: Transaction,
    order: PurchaseOrder,
    kept: Mapping[Key, Sequence[Promise]],
    moved: Iterable[tuple[Key, date, date]],
    *,
    moved_by: MovedBy,
    agreed: bool,
    on: date,
    reason: str | None,
    told: str | None,
    by_supplier: bool,
) -> None:
    """Add promises of schedules, each from one day to another, and tell and audit them."""
    added = [
        Promise(
            *key,
            nth=len(kept.get(key, ())) + 1,
            promised_on=promised_on,
            moved_from=moved_from,
            moved_by=moved_by,
            agreed=agreed,
            reason=reason,
            reason_for_supplier=told,
            stated_by=tx.actor,
            stated_on=on,
            stated_at=tx.now,
            by_supplier=by_supplier,
        )
        for key, moved_from, promised_on in moved
    ]
    store.add(tx, order.id, added)
    needed = _needed(order)
    promises = []
    for promise in added:
        dates = dates_of(needed[promise.key], [*kept.get(promise.key, ()), promise])
        promises.append(
            MovedPromise(
                line_number=promise.line_number,
                schedule_number=promise.schedule_number,
                need_by=dates.need_by,
                first_promised_on=dates.first_promised_on,
                moved_from=promise.moved_from,
                promised_on=promise.promised_on,
                due_on=dates.due_on,
            )
        )
    record(
        tx,
        order,
        PromiseChanged(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            changed_on=on,
            moved_by=moved_by.value,
            agreed=agreed,
            promises=tuple(promises),
            reason=reason,
            reason_for_supplier=told,
            changed_by=tx.actor,
        ),
    )
    await tx.flush()
    tx.audit(
        "move_promise",
        ORDER,
        order.id,
        before={"promises": [[*one.key, one.moved_from] for one in added]},
        after={
            "promises": [[*one.key, one.promised_on] for one in added],
            "moved_by": moved_by,
            "reason_for_supplier": told,
        },
        reason=reason,
    )
