"""Imports goods receipts of the past, against orders that were imported."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from procurement.orders.rules.quantities import ClosedAs
from procurement.orders.rules.states import Status
from procurement.orders.store.receiving import Standing, lock_imported, look_at_imported
from procurement.receipts.model import closed_event, received_event
from procurement.receipts.rules import arriving as rules
from procurement.receipts.rules import completing
from procurement.receipts.rules.arriving import Arrival
from procurement.receipts.store import past as store
from procurement.receipts.store.past import Found, MovedOrder, OrderAndReference, PastReceipt
from purveyor import proposals
from purveyor.bulk import BulkOutcome
from purveyor.db import Transaction, new_id
from purveyor.errors import FieldError, InvalidError, ProblemError
from purveyor.imported import ImportKey, SourceKey
from purveyor.proposals import Proposed
from purveyor_messaging.outbox import record_numbered


@dataclass(frozen=True, slots=True)
class StatedReceipt:
    """A receipt of the past as a row states it."""

    key: ImportKey
    order: SourceKey
    arrival: Arrival

    @property
    def known_by(self) -> OrderAndReference:
        """What tells it from every other receipt."""
        return OrderAndReference(self.order, self.key.source.reference)


async def import_receipts(
    tx: Transaction, stated: Sequence[StatedReceipt]
) -> list[BulkOutcome | ProblemError]:
    """Record what arrived of imported orders, unless it is recorded already; → GoodsReceived, POClosed.

    What speaks against one is returned in its place.
    """
    found = await store.of_the_past(tx, [receipt.known_by for receipt in stated])
    new = {receipt.known_by for receipt, one in zip(stated, found, strict=True) if one.receipt_id is None}
    standing = await lock_imported(tx, {key.order for key in new}) if new else {}
    # Once more, now that nobody else can receive anything of these orders.
    found = await store.of_the_past(tx, [receipt.known_by for receipt in stated]) if standing else found
    last_days = await store.last_days(tx, [order.order.id for order in standing.values()]) if standing else {}
    digests = [receipt.key.digest for receipt in stated if receipt.known_by in new]
    taking = _Taking(tx, standing, last_days, await proposals.let_in(tx, digests))
    outcomes: list[BulkOutcome | ProblemError] = []
    for receipt, one in zip(stated, found, strict=True):
        try:
            outcomes.append(taking.take(receipt, one))
        except ProblemError as problem:
            outcomes.append(problem)
    if taking.receipts:
        await store.insert_past(tx, taking.receipts, taking.moved())
    return outcomes


async def propose_receipts(
    tx: Transaction, proposal_id: UUID, stated: Sequence[StatedReceipt]
) -> list[BulkOutcome | ProblemError]:
    """Add receipts of the past to a proposal, but for those that are here; their orders may follow.

    A receipt is held against its order where that is here, and otherwise against what it says itself.
    """
    outcomes: list[BulkOutcome | ProblemError] = []
    proposed = []
    found = await store.of_the_past(tx, [receipt.known_by for receipt in stated])
    standing = await look_at_imported(tx, {receipt.order for receipt in stated})
    for receipt, one in zip(stated, found, strict=True):
        try:
            if one.receipt_id is not None:
                receipt.key.expect_same(one.import_digest)
                outcomes.append(BulkOutcome("unchanged", one.receipt_id))
                continue
            _checked(tx, receipt.arrival, standing.get(receipt.order))
        except ProblemError as problem:
            outcomes.append(problem)
            continue
        proposed.append(Proposed(receipt.key.digest, "receipt", day=receipt.arrival.received_on))
        outcomes.append(BulkOutcome("proposed"))
    await proposals.add(tx, proposal_id, proposed)
    return outcomes


def _checked(tx: Transaction, arrival: Arrival, standing: Standing | None) -> None:
    """Raise ProblemError for a receipt that cannot be, also while its order is not here (None)."""
    if standing is None:
        rules.check_arrival(arrival, None, None, tx.day, tolerances={}, imported=True)
        proposals.check_past(tx, "/received_on", arrival.received_on, tx.day)
        return
    order = standing.order
    rules.status_with_past_goods(order.status, cancelled=standing.cancelled)
    rules.check_arrival(
        arrival, standing.balances, order.ordered_on, order.today, tolerances={}, imported=True
    )
    proposals.check_past(tx, "/received_on", arrival.received_on, order.today)


class _Taking:
    """Takes receipts one after the other, each on what those before it left of their orders."""

    def __init__(
        self,
        tx: Transaction,
        standing: dict[SourceKey, Standing],
        last_days: dict[tuple[UUID, int], date],
        let_in: Collection[bytes],
    ) -> None:
        self._tx = tx
        self._let_in = let_in
        self._standing = standing
        self._last_days = last_days
        self._moved: dict[UUID, MovedOrder] = {}
        self._taken: dict[OrderAndReference, PastReceipt] = {}

    @property
    def receipts(self) -> list[PastReceipt]:
        """Those that were taken, in their order."""
        return list(self._taken.values())

    def moved(self) -> list[MovedOrder]:
        """Return where their orders stand now."""
        return list(self._moved.values())

    def take(self, receipt: StatedReceipt, found: Found) -> BulkOutcome:
        """Take a receipt; raises ProblemError for what it cannot be."""
        taken = self._taken.get(receipt.known_by)
        there = found.receipt_id if taken is None else taken.id
        if there is not None:
            receipt.key.expect_same(found.import_digest if taken is None else taken.import_digest)
            return BulkOutcome("unchanged", there)
        standing = self._standing.get(receipt.order)
        if standing is None:
            raise InvalidError(
                "order_unknown",
                f"No order {receipt.order} was imported.",
                errors=[FieldError("/order_external_reference", "not an imported order")],
            )
        return BulkOutcome("created", self._add(receipt, standing))

    def _add(self, receipt: StatedReceipt, standing: Standing) -> UUID:
        order, arrival, tx = standing.order, receipt.arrival, self._tx
        _checked(tx, arrival, standing)
        partial = rules.status_with_past_goods(order.status, cancelled=standing.cancelled)
        closes = order.status != Status.CLOSED and completing.is_complete(arrival, standing.balances)
        status = Status.CLOSED if closes else partial
        digest = receipt.key.digest
        if digest not in self._let_in:
            raise proposals.not_let_in(str(receipt.key.source))
        for line in arrival.lines:
            at, day = (order.id, line.line_number), arrival.received_on
            self._last_days[at] = max(day, self._last_days.get(at, day))
        completed = completing.closings(arrival, standing.balances)
        days = {number: self._last_days[order.id, number] for number in completed}
        past = PastReceipt(new_id(), order.id, arrival, receipt.key.source.reference, digest, days)
        last_day = max(self._last_days.get((order.id, number), date.min) for number in standing.balances)
        event = received_event(order, standing.balances, past.id, arrival, tx.actor, imported=True)
        record_numbered(tx, event, standing.sequence + 1)
        if closes:
            record_numbered(tx, closed_event(order, last_day), standing.sequence + 2)
        tx.audit(
            "receive", "purchase_order", order.id, before={"status": order.status}, after={"status": status}
        )
        tx.audit("record", "goods_receipt", past.id, after=arrival.content())
        self._taken[receipt.known_by] = past
        self._move(standing, past, status, 2 if closes else 1, last_day if closes else None)
        return past.id

    def _move(
        self, standing: Standing, receipt: PastReceipt, status: Status, events: int, closed_on: date | None
    ) -> None:
        """Let an order stand where a receipt has brought it."""
        order, before = standing.order, self._moved.get(standing.order.id)
        for line in receipt.arrival.lines:
            balance = completing.with_arrived(standing.balances[line.line_number], line)
            closed_as = ClosedAs.COMPLETE if line.line_number in receipt.completed else balance.closed_as
            standing.balances[line.line_number] = replace(balance, closed_as=closed_as)
        standing.sequence += events
        standing.order = replace(order, status=status)
        self._moved[order.id] = MovedOrder(
            id=order.id,
            status=status,
            receipts=1 + (before.receipts if before else 0),
            sequence=standing.sequence,
            closed_on=closed_on or (before.closed_on if before else None),
        )
