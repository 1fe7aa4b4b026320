"""Reads of budgets and their ledger, what its lists can be asked, and the policies that hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from procurement.budgets.model import Budget, BudgetEntry, BudgetOverride, BudgetTransfer, UncoveredLine
from procurement.budgets.rules.charging import EntryKind
from procurement.budgets.rules.control import BudgetControl, BudgetYearEnd, NotCovered
from procurement.budgets.rules.figures import Figures, Period
from procurement.budgets.rules.states import BudgetStatus, TransferStatus
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, NotFoundError
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find, numbered
from purveyor.policies import Policy
from purveyor.texts import Code

BUDGET_CONTROL = Policy(
    "budget-control",
    BudgetControl,
    "What happens to what a budget does not leave enough for, or none covers, and who may let it",
    frozenset({"category", "business_unit"}),
)
BUDGET_YEAR_END = Policy(
    "budget-year-end",
    BudgetYearEnd,
    "What becomes of a budget when its last day is over",
    frozenset({"category"}),
)
BUDGETS = Listing(
    name="budgets",
    id=Budget.id,
    filters=(
        numbered("BU", Budget.serial_number),
        equal("status", BudgetStatus, Budget.status, "Where it stands", example="approved"),
        equal("cost_centre", Code, Budget.cost_centre, "For this cost centre", example="4711"),
        equal("project", Code, Budget.project, "For this project", example="P-17"),
        equal("category", Code, Budget.category, "For this category", example="fasteners"),
        *between("last_day", Day, Budget.last_day, "Whose last day is this one", example="2026-12-31"),
    ),
    sorts=(
        *reversed(both_ways("id", Budget.id)),
        *both_ways("number", Budget.serial_number),
    ),
    changed=Budget.changed_in,
)
ENTRIES = Listing(
    name="budget-entries",
    id=BudgetEntry.id,
    filters=(
        equal("budget_id", UUID, BudgetEntry.budget_id, "Of this budget"),
        equal("document_id", UUID, BudgetEntry.document_id, "Of this document"),
        equal("kind", EntryKind, BudgetEntry.kind, "What they say", example="commit"),
        *between("recorded_on", Day, BudgetEntry.recorded_on, "Written on this day", example="2026-03-02"),
    ),
    sorts=tuple(reversed(both_ways("id", BudgetEntry.id))),
)
UNCOVERED = Listing(
    name="budget-uncovered-lines",
    id=UncoveredLine.id,
    filters=(
        equal("document_id", UUID, UncoveredLine.document_id, "Of this document"),
        equal("cost_centre", Code, UncoveredLine.cost_centre, "Of this cost centre", example="4711"),
        equal("answer", NotCovered, UncoveredLine.answer, "What the policy said", example="warn"),
    ),
    sorts=tuple(reversed(both_ways("id", UncoveredLine.id))),
)
OVERRIDES = Listing(
    name="budget-overrides",
    id=BudgetOverride.id,
    filters=(
        equal("budget_id", UUID, BudgetOverride.budget_id, "Of this budget"),
        equal("document_id", UUID, BudgetOverride.document_id, "For this document"),
    ),
    sorts=tuple(reversed(both_ways("id", BudgetOverride.id))),
)
TRANSFERS = Listing(
    name="budget-transfers",
    id=BudgetTransfer.id,
    filters=(
        equal("status", TransferStatus, BudgetTransfer.status, "Where it stands", example="proposed"),
        equal("from_budget_id", UUID, BudgetTransfer.from_budget_id, "From this budget"),
        equal("to_budget_id", UUID, BudgetTransfer.to_budget_id, "To this budget"),
    ),
    sorts=tuple(reversed(both_ways("id", BudgetTransfer.id))),
    changed=BudgetTransfer.changed_in,
)
FIGURES = ("budgeted", "reserved", "committed", "spent")


async def find_budgets(tx: Transaction, asked: Asked) -> Found[Budget]:
    """Return a page of budgets."""
    return await find(tx, select(Budget), asked)


async def find_entries(tx: Transaction, asked: Asked) -> Found[BudgetEntry]:
    """Return a page of the ledger."""
    return await find(tx, select(BudgetEntry), asked)


async def find_uncovered(tx: Transaction, asked: Asked) -> Found[UncoveredLine]:
    """Return a page of what no budget covered."""
    return await find(tx, select(UncoveredLine), asked)


async def find_overrides(tx: Transaction, asked: Asked) -> Found[BudgetOverride]:
    """Return a page of overrides."""
    return await find(tx, select(BudgetOverride), asked)


async def find_transfers(tx: Transaction, asked: Asked) -> Found[BudgetTransfer]:
    """Return a page of transfers."""
    return await find(tx, select(BudgetTransfer), asked)


async def budget(tx: Transaction, budget_id: UUID) -> Budget:
    """Return a budget; raises NotFoundError."""
    found = (await tx.session.scalars(select(Budget).where(Budget.id == budget_id))).one_or_none()
    if found is None:
        raise NotFoundError("budget", budget_id)
    return found


async def transfer(tx: Transaction, transfer_id: UUID) -> BudgetTransfer:
    """Return a transfer; raises NotFoundError."""
    wanted = select(BudgetTransfer).where(BudgetTransfer.id == transfer_id)
    found = (await tx.session.scalars(wanted)).one_or_none()
    if found is None:
        raise NotFoundError("budget transfer", transfer_id)
    return found


async def periods_as_of(
    tx: Transaction, budget_id: UUID, entry: int | None, day: date | None
) -> tuple[Budget, list[Period], int]:
    """Return a budget's periods as they were after an entry, or at the end of a day (in UTC), or are now.

    With them the number of the last entry that counts. Raises NotFoundError, and InvalidError for an entry
    that there is not.
    """
    found = await budget(tx, budget_id)
    if entry is not None and entry > found.entries:
        why = f"the last entry of {found.number} is {found.entries}"
        raise InvalidError("entry_unknown", f"{why}.", errors=[FieldError("/query/as_of_entry", why)])
    if entry is None and day is None:
        return found, [one.period() for one in found.periods], found.entries
    sums = [func.sum(getattr(BudgetEntry, name)) for name in FIGURES]
    wanted = select(BudgetEntry.period, func.max(BudgetEntry.number), *sums).where(
        BudgetEntry.budget_id == budget_id
    )
    if entry is not None:
        wanted = wanted.where(BudgetEntry.number <= entry)
    if day is not None:
        wanted = wanted.where(BudgetEntry.recorded_on <= day)
    rows: list[Any] = list(await tx.session.execute(wanted.group_by(BudgetEntry.period)))
    added = {number: Figures(*map(Decimal, figures)) for number, _, *figures in rows}
    periods = [
        Period(one.number, one.first_day, one.last_day, added.get(one.number, Figures()))
        for one in found.periods
    ]
    return found, periods, max((row[1] for row in rows), default=0)
