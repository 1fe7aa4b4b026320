"""What the world learns of entries: one event for each document and what happened to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from procurement.budgets.commands.deciding import Exceeded
from procurement.budgets.rules.charging import EntryKind
from procurement.budgets.rules.figures import total
from procurement.budgets.store.ledger import Entry, LockedBudget
from purveyor.db import Transaction
from purveyor_contract.events.procurement.budgets import (
    BudgetCommitted,
    BudgetExceeded,
    BudgetFigures,
    BudgetReleased,
    BudgetReserved,
    BudgetRevalued,
    BudgetSpent,
    DocumentCharged,
    TakenLine,
)
from purveyor_messaging.outbox import record

Told = tuple[Callable[..., DocumentCharged], Mapping[str, Any]]
TAKEN: Mapping[EntryKind, Callable[..., DocumentCharged]] = {
    EntryKind.RESERVE: BudgetReserved,
    EntryKind.COMMIT: BudgetCommitted,
    EntryKind.SPEND: BudgetSpent,
    EntryKind.REVALUATION: BudgetRevalued,
}
WHY_RELEASED: Mapping[EntryKind, str] = {
    EntryKind.RELEASE: "less",
    EntryKind.COMMIT: "converted",
    EntryKind.SPEND: "converted",
    EntryKind.CARRY_OVER: "carried_over",
}


def figures_of(budget: LockedBudget) -> BudgetFigures:
    """Return a budget's figures as they are told."""
    return BudgetFigures(**total(budget.periods).by_name())


def tell(
    tx: Transaction,
    budget: LockedBudget,
    entries: Sequence[Entry],
    exceeded: Sequence[Exceeded] = (),
    *,
    lapsed: bool = False,
) -> None:
    """Record what documents took from a locked budget and gave back, and where it was exceeded."""
    figures = figures_of(budget)
    by_document: dict[tuple[UUID, EntryKind, bool], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.document_id is not None:
            by_document[entry.document_id, entry.kind, _taken(entry) < 0].append(entry)
    for (_, kind, given), of_kind in by_document.items():
        made, more = _of_kind(kind, given=given, lapsed=lapsed)
        first = of_kind[0]
        lines = tuple(
            TakenLine(line_number=one.line_number, period=one.period, amount=abs(_taken(one)))
            if kind != EntryKind.REVALUATION
            else TakenLine(line_number=one.line_number, period=one.period, amount=_taken(one))
            for one in of_kind
        )
        event = made(
            document_kind=first.document_kind,
            document_id=first.document_id,
            document_number=first.document_number,
            day=first.day,
            lines=lines,
            amount=sum((line.amount for line in lines), Decimal(0)),
            figures=figures,
            **budget.named(),
            **more,
        )
        record(tx, budget, event)
        tx.audit(
            kind,
            "budget",
            budget.id,
            after={"document_id": first.document_id, "amount": sum(map(_taken, of_kind), Decimal(0))},
        )
    for one in exceeded:
        by = next(entry for entry in entries if entry.document_id is not None and _taken(entry) > 0)
        record(
            tx,
            budget,
            BudgetExceeded(
                document_kind=by.document_kind,
                document_id=by.document_id,
                document_number=by.document_number,
                period=one.period,
                exceeded_by=one.by,
                override_id=one.override_id,
                figures=figures,
                **budget.named(),
            ),
        )


def _of_kind(kind: EntryKind, *, given: bool, lapsed: bool) -> Told:
    if given and kind != EntryKind.REVALUATION:
        return BudgetReleased, {"reason": "lapsed" if lapsed else WHY_RELEASED[kind]}
    if kind == EntryKind.CARRY_OVER:
        return BudgetCommitted, {}
    return TAKEN[kind], {}


def _taken(entry: Entry) -> Decimal:
    return entry.adds.reserved + entry.adds.committed + entry.adds.spent
