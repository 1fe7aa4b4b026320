"""Budgets, overrides and transfers as rows: looked for, and locked to be changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select

from procurement.budgets.model import Budget, BudgetOverride, BudgetTransfer, budget_number
from procurement.budgets.rules.states import BudgetStatus
from procurement.budgets.rules.stating import Purpose
from purveyor.db import Transaction


async def lock(tx: Transaction, budget_id: UUID) -> Budget | None:
    """Lock a budget, so that nobody else changes it or takes from it meanwhile."""
    wanted = select(Budget).where(Budget.id == budget_id).with_for_update()
    return (await tx.session.scalars(wanted.execution_options(populate_existing=True))).one_or_none()


async def overlapping(
    tx: Transaction, budget_id: UUID, purpose: Purpose, first: date, last: date
) -> list[tuple[str, date, date]]:
    """Return approved budgets that are for the same thing on some of the same days, but for one itself."""
    wanted = (
        select(Budget.serial_number, Budget.first_day, Budget.last_day)
        .where(
            Budget.id != budget_id,
            Budget.status.in_([BudgetStatus.APPROVED, BudgetStatus.CLOSED]),
            Budget.first_day <= last,
            Budget.last_day >= first,
            *(
                getattr(Budget, name).is_not_distinct_from(getattr(purpose, name))
                for name in Purpose.__slots__
            ),
        )
        .order_by(Budget.first_day)
    )
    return [(budget_number(row[0]), row[1], row[2]) for row in await tx.session.execute(wanted)]


async def following(tx: Transaction, budget: Budget, first_day: date) -> UUID | None:
    """Return the approved budget for the same thing, in the same currency, that goes on from a day."""
    return await tx.session.scalar(
        select(Budget.id).where(
            Budget.status == BudgetStatus.APPROVED,
            Budget.currency == budget.currency,
            Budget.first_day == first_day,
            *(
                getattr(Budget, name).is_not_distinct_from(getattr(budget, name))
                for name in Purpose.__slots__
            ),
        )
    )


async def over(tx: Transaction, before: date) -> list[UUID]:
    """Return the approved budgets whose last day lies before a day, the earliest first."""
    wanted = select(Budget.id).where(Budget.status == BudgetStatus.APPROVED, Budget.last_day < before)
    return list(await tx.session.scalars(wanted.order_by(Budget.last_day, Budget.id)))


async def lock_overrides(
    tx: Transaction, budget_id: UUID, document_ids: Collection[UUID]
) -> list[BudgetOverride]:
    """Lock what is left of the overrides of a budget for documents, the oldest first."""
    wanted = (
        select(BudgetOverride)
        .where(
            BudgetOverride.budget_id == budget_id,
            BudgetOverride.document_id.in_(document_ids),
            BudgetOverride.used < BudgetOverride.amount,
        )
        .order_by(BudgetOverride.id)
        .with_for_update()
    )
    return list(await tx.session.scalars(wanted))


async def lock_transfer(tx: Transaction, transfer_id: UUID) -> BudgetTransfer | None:
    """Lock a transfer, to decide it."""
    wanted = select(BudgetTransfer).where(BudgetTransfer.id == transfer_id).with_for_update()
    return (await tx.session.scalars(wanted.execution_options(populate_existing=True))).one_or_none()
