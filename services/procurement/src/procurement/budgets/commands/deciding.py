"""Whether what is wanted may be taken: by the policy, an override, and what is there on the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.budgets.model import UncoveredLine
from procurement.budgets.queries import BUDGET_CONTROL
from procurement.budgets.rules.charging import Document, Move, check_overrider
from procurement.budgets.rules.control import NotCovered, OnExceeded
from procurement.budgets.rules.figures import Figures, Shortfall, shortfalls
from procurement.budgets.store.budgets import lock_overrides
from procurement.budgets.store.ledger import Entry, LockedBudget
from procurement.organisation.store import charged_to
from procurement.periods import why_not_valid
from purveyor import policies
from purveyor.db import Transaction
from purveyor.duties import with_author
from purveyor.errors import ConflictError, FieldError, InvalidError
from purveyor.policies import Place


@dataclass(frozen=True, slots=True)
class Exceeded:
    """That a document takes more than there is, because a policy only warns or somebody let it."""

    period: int
    by: Decimal
    override_id: UUID | None


async def check_not_exceeded(
    tx: Transaction,
    budget: LockedBudget,
    documents: Mapping[UUID, Document],
    changes: Mapping[int, Figures],
    on: date,
    *,
    is_so: bool = False,
) -> list[Exceeded]:
    """Return where a locked budget is exceeded, as its policy or an override allows.

    Raises ConflictError, with the arithmetic, where neither does.
    """
    units = {document.business_unit for document in documents.values()}
    place = Place(category=budget.category, business_unit=next(iter(units)) if len(units) == 1 else None)
    control = (await policies.history(tx, BUDGET_CONTROL)).in_force(on, place).value
    if control.on_exceeded == OnExceeded.IGNORE:
        return []
    short = list(
        shortfalls(
            budget.periods,
            changes,
            accumulates=budget.accumulates,
            tolerance_percent=control.tolerance_percent,
        )
    )
    if not short:
        return []
    worst = max(short, key=lambda one: one.missing)
    if is_so or control.on_exceeded == OnExceeded.WARN:
        return [Exceeded(worst.period, worst.missing, None)]
    used = await _override(tx, budget, documents, worst)
    if used is None:
        raise exceeded(budget, short)
    return [Exceeded(worst.period, worst.missing, used)]


async def _override(
    tx: Transaction, budget: LockedBudget, documents: Mapping[UUID, Document], worst: Shortfall
) -> UUID | None:
    """Use an override that allows as much, if there is one; return which.

    One that was granted by what the policy says of another unit than the document's allows nothing.
    """
    missing = worst.missing
    history = await policies.history(tx, BUDGET_CONTROL)
    for override in await lock_overrides(tx, budget.id, documents.keys()):
        authors = documents[override.document_id].authors
        place = Place(category=budget.category, business_unit=documents[override.document_id].business_unit)
        granted_by = history.in_force(override.granted_at.date(), place).number
        if override.amount - override.used < missing or override.policy_version != granted_by:
            continue
        check_overrider(override.granted_by, authors)
        override.used += missing
        for author in authors:
            override.document_authors = with_author(override.document_authors, author)
        await tx.flush()
        tx.audit(
            "override",
            "budget",
            budget.id,
            after={"override_id": override.id, "exceeded_by": missing, "granted_by": override.granted_by},
            reason=override.reason,
        )
        return override.id
    return None


def exceeded(budget: LockedBudget, short: Sequence[Shortfall]) -> ConflictError:
    """Return that a budget does not leave enough, with the arithmetic."""
    worst = max(short, key=lambda one: one.missing)
    return ConflictError(
        "budget_exceeded",
        f"{budget.number}, period {worst.period}: {worst} ({budget.currency}).",
        exceeded=[
            {
                "budget_id": str(budget.id),
                "number": budget.number,
                "period": one.period,
                "currency": budget.currency,
                **{name: f"{value:f}" for name, value in one.figures.by_name().items()},
                "tolerance": f"{one.tolerance:f}",
                "wanted": f"{one.wanted:f}",
                "missing": f"{one.missing:f}",
            }
            for one in short
        ],
    )


async def not_covered(tx: Transaction, moves: Sequence[Move], on: date, *, is_so: bool = False) -> None:
    """Answer for what no budget covers as the policy says, and keep the answer.

    Raises InvalidError naming each line that may not go on.
    """
    if not moves:
        return
    history = await policies.history(tx, BUDGET_CONTROL)
    refused = []
    for move in moves:
        charged, document = move.charged, move.document
        place = Place(category=charged.category, business_unit=document.business_unit)
        version = history.in_force(on, place)
        answer = version.value.not_covered
        if is_so and answer == NotCovered.REFUSE:
            answer = NotCovered.WARN
        if answer == NotCovered.REFUSE:
            refused.append(
                FieldError(
                    f"/lines/{charged.line_number}",
                    f"no approved budget covers {_named(move)} on {on}; policy {BUDGET_CONTROL.name}, "
                    f"version {version.number}, refuses what none covers",
                )
            )
            continue
        tx.session.add(
            UncoveredLine(
                document_kind=document.kind,
                document_id=document.id,
                document_number=document.number,
                line_number=charged.line_number,
                cost_centre=charged.cost_centre,
                project=charged.project,
                category=charged.category,
                amount=move.amount,
                currency=document.currency,
                day=on,
                answer=answer,
                policy_version=version.number,
                recorded_at=tx.now,
                recorded_by=tx.actor,
            )
        )
    if refused:
        raise InvalidError("budget_not_covered", "No budget covers all of the document.", errors=refused)
    await tx.flush()


async def check_place(tx: Transaction, moves: Sequence[Move], on: date) -> None:
    """Raise InvalidError for what is taken for a cost centre or a project that is not there on the day."""
    if not moves:
        return
    named = {
        (kind, code): kind
        for move in moves
        for kind, code in (("cost_centre", move.charged.cost_centre), ("project", move.charged.project))
        if code is not None
    }
    known = await charged_to(
        tx,
        [code for kind, code in named if kind == "cost_centre"],
        [code for kind, code in named if kind == "project"],
    )
    problems = [
        FieldError(f"/{kind}", f"{code} {why}")
        for (kind, code), one in known.items()
        if (why := why_not_valid(one.valid_from, one.valid_to, on))
    ]
    if problems:
        raise InvalidError(
            "organisation_not_valid", "The document names what is not there on its day.", errors=problems
        )


def with_override(entries: Sequence[Entry], budget_id: UUID, found: Sequence[Exceeded]) -> list[Entry]:
    """Return entries with the override by which a budget lets them take more."""
    by = next((one.override_id for one in found if one.override_id is not None), None)
    if by is None:
        return list(entries)
    return [replace(one, override_id=by) if one.budget_id == budget_id else one for one in entries]


def _named(move: Move) -> str:
    charged = move.charged
    project = f", project {charged.project}" if charged.project else ""
    return f"cost centre {charged.cost_centre}{project}, category {charged.category}"
