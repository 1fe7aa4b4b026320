"""Imports orders of the past: issued already, elsewhere, by whoever it was; nothing is invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.orders.model import issued_event
from procurement.orders.rules import drafts
from procurement.orders.rules.amounts import check_amounts, order_total
from procurement.orders.rules.drafts import DraftOrder
from procurement.orders.store import importing
from procurement.orders.store.importing import Found, NewOrder
from procurement.terms.rules.ordering import check_delivery
from purveyor import proposals
from purveyor.bulk import BulkOutcome
from purveyor.db import Transaction, new_id
from purveyor.errors import FieldError, InvalidError, ProblemError
from purveyor.imported import ImportKey, SourceKey
from purveyor.proposals import Proposed
from purveyor_messaging.outbox import record_numbered

SITE_UNKNOWN = "site_unknown"
NOBODY = UUID(int=0)
"""Stands for a supplier that is not here yet, where an order is only looked at."""


@dataclass(frozen=True, slots=True)
class StatedOrder:
    """An order of the past as a row states it; `draft` is what it says, once its supplier is found."""

    key: ImportKey
    supplier: SourceKey
    site: str
    draft: Callable[[UUID], DraftOrder]


async def import_orders(tx: Transaction, stated: Sequence[StatedOrder]) -> list[BulkOutcome | ProblemError]:
    """Write orders that were issued elsewhere, unless they are there already; → POIssued.

    What speaks against one is returned in its place. Today's approvals are not asked for, and nobody is said
    to have approved them; but somebody has let this import in.
    """
    outcomes: list[BulkOutcome | ProblemError | NewOrder] = []
    found = await _look_up(tx, stated)
    for order, known in zip(stated, found, strict=True):
        try:
            outcomes.append(_there(order, known) or _judged(tx, order, known))
        except ProblemError as problem:
            outcomes.append(problem)
    outcomes = await _let_in(tx, stated, outcomes)
    new = [outcome for outcome in outcomes if isinstance(outcome, NewOrder)]
    states = await importing.insert(tx, new) if new else {}
    others = [order for order, o in zip(stated, outcomes, strict=True) if _is_of_others(o, states)]
    theirs = iter(await _look_up(tx, others) if others else ())
    told: list[BulkOutcome | ProblemError] = []
    for order, known, outcome in zip(stated, found, outcomes, strict=True):
        if not isinstance(outcome, NewOrder):
            told.append(outcome)
        elif (state := states.get(outcome.id)) is None:
            told.append(_outcome_of(order, next(theirs)))
        else:
            draft, zone = outcome.draft, known.time_zone or ""
            event = issued_event(state, draft, outcome.amounts, tx.actor, zone)
            record_numbered(tx, event, state.sequence)
            tx.audit("import", "purchase_order", state.id, after=draft.content())
            told.append(BulkOutcome("created", state.id))
    return told


async def propose_orders(
    tx: Transaction, proposal_id: UUID, stated: Sequence[StatedOrder]
) -> list[BulkOutcome | ProblemError]:
    """Add orders of the past to a proposal, but for those that are here.

    A supplier and a site may be on their way: they are made once the proposal is let in.
    """
    outcomes: list[BulkOutcome | ProblemError] = []
    proposed = []
    for order, known in zip(stated, await _look_up(tx, stated), strict=True):
        try:
            if there := _there(order, known):
                outcomes.append(there)
                continue
            draft, amounts = _checked(tx, order, known, known.today or tx.day)
        except ProblemError as problem:
            outcomes.append(problem)
            continue
        total, day = order_total(draft, amounts), draft.ordered_on
        reference, here = str(order.supplier), known.supplier_id is not None
        proposed.append(Proposed(order.key.digest, "order", reference, draft.currency, total, day, here))
        outcomes.append(BulkOutcome("proposed"))
    await proposals.add(tx, proposal_id, proposed)
    return outcomes


async def _let_in(
    tx: Transaction, stated: Sequence[StatedOrder], outcomes: Sequence[BulkOutcome | ProblemError | NewOrder]
) -> list[BulkOutcome | ProblemError | NewOrder]:
    """Return what is to come of rows, new ones refused unless somebody has let them in.

    That a site is missing is said of those let in only: who imports makes it then, and not before.
    """
    waiting = [
        isinstance(outcome, NewOrder) or (isinstance(outcome, ProblemError) and outcome.code == SITE_UNKNOWN)
        for outcome in outcomes
    ]
    asked = [order.key.digest for order, waits in zip(stated, waiting, strict=True) if waits]
    allowed = await proposals.let_in(tx, asked)
    return [
        proposals.not_let_in(str(order.key.source)) if waits and order.key.digest not in allowed else outcome
        for order, waits, outcome in zip(stated, waiting, outcomes, strict=True)
    ]


async def _look_up(tx: Transaction, stated: Sequence[StatedOrder]) -> list[Found]:
    return await importing.look_up(
        tx,
        [order.key.source for order in stated],
        [order.supplier for order in stated],
        [order.site for order in stated],
    )


def _is_of_others(outcome: BulkOutcome | ProblemError | NewOrder, states: Mapping[UUID, object]) -> bool:
    """Whether an order's reference was taken meanwhile: by another transaction, or by a row before it."""
    return isinstance(outcome, NewOrder) and outcome.id not in states


def _there(order: StatedOrder, found: Found) -> BulkOutcome | None:
    """Return that an order is there already; raises ConflictError when it says something else now."""
    if found.order_id is None:
        return None
    order.key.expect_same(found.import_digest)
    return BulkOutcome("unchanged", found.order_id)


def _outcome_of(order: StatedOrder, found: Found) -> BulkOutcome | ProblemError:
    try:
        there = _there(order, found)
    except ProblemError as problem:
        return problem
    assert there is not None  # noqa: S101  # its reference is what stood in the way
    return there


def _judged(tx: Transaction, order: StatedOrder, found: Found) -> NewOrder:
    """Return a new order as it is written; raises InvalidError for what it cannot be."""
    if found.supplier_id is None:
        raise InvalidError(
            "supplier_unknown",
            f"Supplier {order.supplier} is not known here: not imported, or on its way.",
            errors=[FieldError("/supplier_external_reference", "not a supplier that was imported")],
        )
    if found.today is None:
        raise InvalidError(
            SITE_UNKNOWN, f"No site {order.site} exists.", errors=[FieldError("/site", "not a known site")]
        )
    draft, amounts = _checked(tx, order, found, found.today)
    return NewOrder(new_id(), draft, amounts, order.key.source, order.key.digest)


def _checked(
    tx: Transaction, order: StatedOrder, found: Found, today: date
) -> tuple[DraftOrder, list[Decimal]]:
    """Return what an order says and what its lines are worth; raises InvalidError for what it cannot be."""
    draft = order.draft(found.supplier_id or NOBODY)
    amounts = drafts.order_amounts(draft)
    drafts.check_lines(draft.lines, amounts)
    check_amounts(draft, amounts)
    if draft.ordered_on is not None:
        drafts.check_dates(draft.ordered_on, (), today)
    # Nobody knows when it was ordered: then at least one line was due in the past.
    day = draft.ordered_on or min(line.promised_on for line in draft.lines)
    drafts.check_currency(draft.currency, day)
    check_delivery(draft.incoterm, draft.delivery_place, imported=True)
    proposals.check_past(tx, "/ordered_on", day, today)
    return draft, amounts
