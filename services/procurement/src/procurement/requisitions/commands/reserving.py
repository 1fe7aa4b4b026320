"""Requisitions reserve what they ask for, until orders that are issued commit it.

What is reserved is always what the lines want now: each change of a requisition, and of its orders, says it
anew, in the same transaction, whose row of the requisition is locked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from procurement.budgets.commands.charging import is_asked_for, moves_to_hold, settle
from procurement.budgets.queries import BUDGET_CONTROL
from procurement.budgets.rules.charging import Charged, Document, Effect, EntryKind, Move
from procurement.budgets.rules.control import ReserveAt
from procurement.requisitions import store
from procurement.requisitions.model import Requisition
from procurement.requisitions.rules.reserving import reserved_amount, reserved_quantity
from purveyor import policies
from purveyor.db import Transaction
from purveyor.policies import Place


async def reserve(tx: Transaction, requisition: Requisition) -> None:
    """Let a locked requisition hold what its lines want; → BudgetReserved, BudgetReleased, BudgetExceeded.

    Raises ConflictError (`budget_exceeded`, `budget_closed`) and InvalidError (`budget_not_covered`,
    `no_rate`, `organisation_not_valid`).
    """
    if await is_asked_for(tx):
        await tx.flush()
        await settle(tx, await _moves(tx, requisition), tx.day)


async def give_back(tx: Transaction, requisition: Requisition) -> None:
    """Let a locked requisition hold no more than its lines want; → BudgetReleased. It is never refused.

    What it wants and does not hold, as it was asked for before there was a budget, is not taken by the way.
    """
    if await is_asked_for(tx):
        await tx.flush()
        await settle(tx, [move for move in await _moves(tx, requisition) if move.amount < 0], tx.day)


async def convert(tx: Transaction, order_id: UUID) -> list[Move]:
    """Return what the requisitions of an order give back as it is issued, which commits that instead."""
    moves: list[Move] = []
    for requisition in (await store.ordered_with(tx, order_id)).values():
        for line in requisition.lines:
            for held in line.orders:
                held.issued = held.issued or held.order_id == order_id
        await tx.flush()
        moves += [
            replace(move, converted_into=EntryKind.COMMIT) if move.amount < 0 else move
            for move in await _moves(tx, requisition)
        ]
    return moves


async def recount(tx: Transaction, order_id: UUID) -> list[Move]:
    """Return what the requisitions of an issued order reserve more or less, as it wants more or less now."""
    await tx.flush()
    moves: list[Move] = []
    for requisition in (await store.ordered_with(tx, order_id)).values():
        of_order = [one for line in requisition.lines for one in line.orders if one.order_id == order_id]
        if any(held.issued for held in of_order):
            moves += await _moves(tx, requisition)
    return moves


async def _moves(tx: Transaction, requisition: Requisition) -> list[Move]:
    history = await policies.history(tx, BUDGET_CONTROL)
    wanted: dict[Charged, Decimal] = defaultdict(Decimal)
    for line in requisition.lines:
        place = Place(category=line.category, business_unit=requisition.business_unit)
        control = history.in_force(tx.day, place).value
        quantity = reserved_quantity(
            line,
            requisition.status,
            before_approval=control.reserve_at == ReserveAt.SUBMISSION,
            issued=sum((held.quantity for held in line.orders if held.issued), Decimal(0)),
        )
        for one in line.assignments:
            charged = Charged(line.line_number, one.cost_centre, one.project, line.category)
            wanted[charged] += reserved_amount(one.amount, quantity, line.quantity, requisition.currency)
    submitted = requisition.submitted_at
    document = Document(
        kind="requisition",
        id=requisition.id,
        number=requisition.number,
        currency=requisition.currency,
        day=tx.day if submitted is None else submitted.date(),
        business_unit=requisition.business_unit,
        authors=tuple(requisition.authors),
    )
    return await moves_to_hold(tx, document, Effect.RESERVED, wanted)
