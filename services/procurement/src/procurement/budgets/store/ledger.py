"""The ledger in SQL: budgets locked with their balances, what documents hold, and entries written once.

Whoever writes entries of a budget holds its row, so that its balance is what the entries before add up to;
several budgets are locked in the order of their ids, and nobody waits in a circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from procurement.budgets.model import budget_number
from procurement.budgets.rules.charging import Covering, EntryKind, Position
from procurement.budgets.rules.figures import Figures, Period
from procurement.budgets.rules.states import BudgetStatus
from purveyor.db import Transaction, new_id
from purveyor.sql import Statement, columnwise, only

IN_USE = "SELECT EXISTS (SELECT FROM budget WHERE status IN ('approved', 'closed'))"
"""Whether there is any budget; declared here for orders to compose."""


@dataclass(slots=True)
class LockedBudget:
    """A budget that nobody else takes from meanwhile, with its balance."""

    id: UUID
    serial_number: int
    status: str
    category: str | None
    currency: str
    accumulates: bool
    first_day: date
    last_day: date
    current_version: int
    entries: int
    sequence: int
    periods: list[Period] = field(default_factory=list)

    @property
    def number(self) -> str:
        """Its number for people."""
        return budget_number(self.serial_number)

    @property
    def closed(self) -> bool:
        """Whether nothing more is taken from it."""
        return self.status != BudgetStatus.APPROVED

    def named(self) -> dict[str, Any]:
        """Return by what each event names it."""
        return {"budget_id": self.id, "number": self.number, "currency": self.currency}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that is to be written: what it adds to which figures of a period, and for what."""

    budget_id: UUID
    period: int
    kind: EntryKind
    adds: Figures
    day: date
    document_kind: str | None = None
    document_id: UUID | None = None
    document_number: str | None = None
    line_number: int | None = None
    cost_centre: str | None = None
    project: str | None = None
    category: str | None = None
    document_amount: Decimal | None = None
    document_currency: str | None = None
    rate: Decimal | None = None
    rated_on: date | None = None
    other_budget_id: UUID | None = None
    override_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """An entry as it is written."""

    id: UUID
    budget_id: UUID
    number: int
    period: int
    kind: str
    budgeted: Decimal
    reserved: Decimal
    committed: Decimal
    spent: Decimal
    day: date
    document_kind: str | None
    document_id: UUID | None
    document_number: str | None
    line_number: int | None
    cost_centre: str | None
    project: str | None
    category: str | None
    document_amount: Decimal | None
    document_currency: str | None
    rate: Decimal | None
    rated_on: date | None
    other_budget_id: UUID | None
    override_id: UUID | None
    recorded_on: date
    recorded_at: datetime
    recorded_by: str


_TYPES = {
    "id": "uuid",
    "budget_id": "uuid",
    "number": "bigint",
    "period": "integer",
    "kind": "text",
    **dict.fromkeys(("budgeted", "reserved", "committed", "spent"), "numeric"),
    "day": "date",
    "document_kind": "text",
    "document_id": "uuid",
    "document_number": "text",
    "line_number": "integer",
    **dict.fromkeys(("cost_centre", "project", "category"), "text"),
    "document_amount": "numeric",
    "document_currency": "text",
    "rate": "numeric",
    "rated_on": "date",
    "other_budget_id": "uuid",
    "override_id": "uuid",
    "recorded_on": "date",
    "recorded_at": "timestamptz",
    "recorded_by": "text",
}
_SAME = tuple(one.name for one in fields(Entry) if one.name != "adds")
_IN_USE: Statement[bool] = Statement(only, IN_USE)
_LOCK: Statement[UUID] = Statement(
    only, "SELECT id FROM budget WHERE id = ANY(:ids::uuid[]) ORDER BY id FOR UPDATE"
)


_OF_PERIOD = ("number", "first_day", "last_day", "budgeted", "reserved", "committed", "spent")


def _locked(**columns: Any) -> LockedBudget:
    each = zip(*(columns.pop(f"period_{name}") for name in _OF_PERIOD), strict=True)
    periods = [Period(number, first, last, Figures(*figures)) for number, first, last, *figures in each]
    return LockedBudget(**columns, periods=periods)


_READ: Statement[LockedBudget] = Statement(
    _locked,
    """
    SELECT b.id, b.serial_number, b.status, b.category, b.currency, b.accumulates, b.first_day, b.last_day,
           b.current_version, b.entries, b.sequence, of_budget.*
    FROM budget AS b
    CROSS JOIN LATERAL (SELECT {periods} FROM budget_period AS p WHERE p.budget_id = b.id) AS of_budget
    WHERE b.id = ANY(:ids::uuid[]) ORDER BY b.id
    """,
    periods=", ".join(f"array_agg(p.{name} ORDER BY p.number) AS period_{name}" for name in _OF_PERIOD),
)
_COVERING: Statement[Covering] = Statement(
    lambda serial_number, **columns: Covering(number=budget_number(serial_number), **columns),
    """
    SELECT b.id, b.serial_number, b.cost_centre, b.project, b.category, p.number AS period,
           b.status = 'closed' AS closed
    FROM budget AS b JOIN budget_period AS p ON p.budget_id = b.id AND :day BETWEEN p.first_day AND p.last_day
    WHERE b.status IN ('approved', 'closed')
      AND (b.cost_centre = ANY(:cost_centres::text[]) OR b.project = ANY(:projects::text[]))
    """,
)
_HELD = """
SELECT budget_id, period, document_kind, document_id, min(document_number) AS document_number,
       document_currency, line_number, cost_centre, project, category,
       sum(document_amount) AS document_amount, sum(reserved) AS reserved, sum(committed) AS committed,
       sum(spent) AS spent
FROM budget_entry
WHERE document_id IS NOT NULL AND {held_by}
GROUP BY budget_id, period, document_kind, document_id, document_currency, line_number, cost_centre, project,
         category
HAVING sum(document_amount) <> 0 OR sum(reserved) <> 0 OR sum(committed) <> 0 OR sum(spent) <> 0
ORDER BY document_id, line_number, max(recorded_at) DESC, budget_id, period DESC
"""
_OF_DOCUMENTS: Statement[Position] = Statement(
    Position, _HELD, held_by="document_id = ANY(:document_ids::uuid[])"
)
_OF_BUDGET: Statement[Position] = Statement(Position, _HELD, held_by="budget_id = :budget_id")
_WRITE: Statement[None] = Statement(
    lambda **_: None,
    """
    WITH written AS (
      INSERT INTO budget_entry ({columns}) SELECT {columns} FROM unnest({arrays}) AS entry ({columns})
      RETURNING budget_id, period, budgeted, reserved, committed, spent
    ), added AS (
      SELECT budget_id, period, sum(budgeted) AS budgeted, sum(reserved) AS reserved,
             sum(committed) AS committed, sum(spent) AS spent, count(*) AS entries
      FROM written GROUP BY budget_id, period
    ), balanced AS (
      UPDATE budget_period AS p
      SET budgeted = p.budgeted + added.budgeted, reserved = p.reserved + added.reserved,
          committed = p.committed + added.committed, spent = p.spent + added.spent
      FROM added WHERE p.budget_id = added.budget_id AND p.number = added.period
    )
    UPDATE budget AS b SET entries = told.entries, sequence = told.sequence
    FROM unnest(:told_ids::uuid[], :told_entries::bigint[], :told_sequences::bigint[])
      AS told (id, entries, sequence)
    WHERE b.id = told.id
    """,
    columns=", ".join(_TYPES),
    arrays=", ".join(f":{name}::{kind}[]" for name, kind in _TYPES.items()),
)


async def in_use(tx: Transaction) -> bool:
    """Whether there is any budget that something is taken from."""
    return await _IN_USE.one(tx.connection)


async def locked(tx: Transaction, budget_ids: Iterable[UUID]) -> dict[UUID, LockedBudget]:
    """Lock budgets, in the order of their ids, and return them as they are then."""
    ids = sorted(set(budget_ids))
    if not ids:
        return {}
    await _LOCK.all(tx.connection, ids=ids)
    return {one.id: one for one in await _READ.all(tx.connection, ids=ids)}


async def covering(
    tx: Transaction, cost_centres: Collection[str], projects: Collection[str], day: date
) -> list[Covering]:
    """Return the budgets of cost centres and projects that there are on a day."""
    return await _COVERING.all(
        tx.connection, cost_centres=list(cost_centres), projects=list(projects), day=day
    )


async def held_by(tx: Transaction, document_ids: Collection[UUID]) -> list[Position]:
    """Return what documents hold of all budgets, what was taken last first."""
    return await _OF_DOCUMENTS.all(tx.connection, document_ids=list(document_ids))


async def held_of(tx: Transaction, budget_id: UUID) -> list[Position]:
    """Return what documents hold of a budget."""
    return await _OF_BUDGET.all(tx.connection, budget_id=budget_id)


async def write(tx: Transaction, budgets: Iterable[LockedBudget], entries: Sequence[Entry]) -> None:
    """Write entries of locked budgets, numbered, and add them to their balances."""
    by_id = {one.id: one for one in budgets}
    rows, added = [], defaultdict[tuple[UUID, int], Figures](Figures)
    for entry in entries:
        budget = by_id[entry.budget_id]
        budget.entries += 1
        added[entry.budget_id, entry.period] += entry.adds
        rows.append(
            _Row(
                id=new_id(),
                number=budget.entries,
                budgeted=entry.adds.budget,
                reserved=entry.adds.reserved,
                committed=entry.adds.committed,
                spent=entry.adds.spent,
                recorded_on=tx.day,
                recorded_at=tx.now,
                recorded_by=tx.actor,
                **{name: getattr(entry, name) for name in _SAME},
            )
        )
    await _WRITE.all(
        tx.connection,
        columnwise(rows, _TYPES),
        told_ids=list(by_id),
        told_entries=[one.entries for one in by_id.values()],
        told_sequences=[one.sequence for one in by_id.values()],
    )
