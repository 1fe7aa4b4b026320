"""What orders mean for budgets: committed when issued, more or less when amended, the rest given back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.budgets.commands.charging import is_asked_for, settle
from procurement.budgets.rules.charging import Charged, Document, Effect, differences
from procurement.orders.model import PurchaseOrder, order_number
from procurement.orders.rules.amounts import Numbered, landed_costs, still_worth
from procurement.orders.rules.drafts import DraftOrder
from procurement.orders.rules.expected import Balance
from procurement.orders.rules.requested import borne_by, charged_to
from procurement.orders.rules.states import OrderState
from procurement.orders.store import rows
from procurement.orders.store.moves import Issued, parts
from procurement.requisitions.commands import reserving
from procurement.requisitions.queries import charged_of
from purveyor.db import Transaction

Charges = Mapping[Charged, Decimal]
"""What is wanted of lines costs, in the order's currency without tax, by what each is charged to."""


async def commit_issued(tx: Transaction, issued: Issued) -> None:
    """Commit what an order's lines cost, each with its share of what the order takes off and puts on.

    What requisitions reserved for it is committed instead: it is counted once.
    → BudgetCommitted, BudgetExceeded. Raises ConflictError (`budget_exceeded`) and InvalidError.
    """
    if not await is_asked_for(tx, in_use=issued.budgeted):
        return
    order, content = issued.order, issued.content
    costs = landed_costs(content, issued.amounts)
    numbered = {line.line_number: cost for line, cost in zip(content.lines, costs, strict=True)}
    day = order.ordered_on or issued.today
    document = Document(
        kind="order",
        id=order.id,
        number=order_number(order.serial_number),
        currency=order.currency,
        day=day,
        business_unit=order.business_unit,
        authors=tuple((await parts(tx, order.id)).authors),
    )
    wanted = await _charged(tx, order, content, numbered)
    moves = differences(document, Effect.COMMITTED, {}, wanted)
    await settle(tx, [*await reserving.convert(tx, order.id), *moves], day)


async def charges_of(tx: Transaction, order: PurchaseOrder) -> Charges | None:
    """Return what a locked order has its lines charged with; its lines have to be loaded.

    None where it was never issued, or nobody asks for budgets.
    """
    if order.issued_at is None or not await is_asked_for(tx):
        return None
    return await _charges(tx, order, order.lines)


async def recommit(
    tx: Transaction, order: PurchaseOrder, before: Charges | None, on: date, *, is_so: bool = False
) -> None:
    """Commit what an order wants more than before, by the day that it does, and give back what it wants less.

    What requisitions reserve of it again, or no more, goes with that: what is given back comes first, so that
    nothing is counted twice on the way. → BudgetReleased, BudgetCommitted, BudgetReserved, BudgetExceeded.
    What `is_so` whatever a budget says is never refused: that goods did not come, and are owed again; nor is
    what a requisition wants again, as an order of it was called off.
    """
    if before is None:
        return
    document = Document(
        kind="order",
        id=order.id,
        number=order.number,
        currency=order.currency,
        day=order.ordered_on or on,
        business_unit=order.business_unit,
        authors=tuple(dict.fromkeys([*order.authors, *order.orderers])),
    )
    after = await _charges(tx, order, order.lines)
    moves = differences(document, Effect.COMMITTED, before, after)
    reserved = await reserving.recount(tx, order.id) if order.from_requisitions else []
    await settle(tx, [move for move in (*moves, *reserved) if move.amount < 0], on)
    await settle(tx, [move for move in moves if move.amount > 0], on, is_so=is_so)
    await settle(tx, [move for move in reserved if move.amount > 0], tx.day, is_so=True)


@dataclass(frozen=True, slots=True)
class _Was:
    """A line as it was before goods came."""

    line_number: int
    quantity: Decimal
    cancelled_quantity: Decimal
    received_quantity: Decimal
    rejected_quantity: Decimal
    refused_for_good_quantity: Decimal


async def give_back_what_need_not_come(
    tx: Transaction, order_id: UUID, balances: Mapping[int, Balance], on: date
) -> None:
    """Give back what a receipt let need not come: the rest within the tolerance, and what is not owed again.

    `balances` are the lines as they were before it.
    """
    if not await is_asked_for(tx):
        return
    order = await rows.lock(tx, order_id)
    if order is None:
        return
    await tx.session.refresh(order)
    await tx.session.refresh(order, ["lines"])
    was = [
        _Was(number, **{name: getattr(one, name) for name in _Was.__slots__ if name != "line_number"})
        for number, one in balances.items()
    ]
    await recommit(tx, order, await _charges(tx, order, was), on)


async def _charges(tx: Transaction, order: PurchaseOrder, lines: Iterable[Numbered]) -> Charges:
    content = order.stated()
    return await _charged(tx, order, content, still_worth(content, lines).landed)


async def _charged(
    tx: Transaction, order: PurchaseOrder | OrderState, content: DraftOrder, costs: Mapping[int, Decimal]
) -> Charges:
    """Return what costs are charged to: by the shares of what was requested, else as the order says.

    An order that was moved to another cost centre or project since it was drafted is charged as it says.
    """
    own = (content.cost_centre, content.project)
    requested = await charged_of(tx, order.id) if order.from_requisitions else {}
    if requested and charged_to(one for of_line in requested.values() for one in of_line) != own:
        requested = {}
    charges: dict[Charged, Decimal] = {}
    for line in content.lines:
        number, cost = line.line_number, costs.get(line.line_number)
        if not cost:
            continue
        of_line = requested.get(number)
        borne = borne_by(of_line, cost, content.currency) if of_line else {own: cost}
        for (centre, project), part in borne.items():
            if part:
                charges[Charged(number, centre, project, line.category)] = part
    return charges
