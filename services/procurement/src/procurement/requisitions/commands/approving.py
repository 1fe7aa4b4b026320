"""A requisition goes through the steps that the approval policy wants; what was decided comes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from decimal import Decimal
from uuid import UUID

from procurement.approving.queries import APPROVING
from procurement.blankets.queries import agreed_items
from procurement.categories.rules import lain_in
from procurement.categories.store import above
from procurement.grades.queries import grade_of
from procurement.requisitions import queries, store
from procurement.requisitions.commands.reserving import give_back, reserve
from procurement.requisitions.commands.telling import REQUISITION, tell_decided, tell_rejected
from procurement.requisitions.model import Requisition, RequisitionLine
from procurement.requisitions.rules.lines import LineAction, LineStatus
from procurement.requisitions.rules.states import AUTHORS_DECIDE_NOTHING
from procurement.suppliers import store as suppliers
from purveyor.db import Transaction
from purveyor_approvals import commands as approvals
from purveyor_approvals.kinds import Document, Kind, Outcome
from purveyor_approvals.model import is_pending
from purveyor_approvals.rules.content import Content, Line

MEASURES = ("quantity", "price", "amount")
SAID = ("kind", "item", "description", "category", "unit", "need_by", "site", "price_base_quantity")
"""What a line says that is approved: all but what is less when it is less, and why it is needed."""


def content_of(requisition: Requisition) -> Content:
    """Return what is approved of a requisition; of quantities and prices, and of lines, less is less."""
    waiting = [line for line in requisition.lines if line.status == LineStatus.PENDING]
    return Content(
        {"business_unit": requisition.business_unit, "currency": requisition.currency},
        {
            str(line.line_number): Line(
                {name: getattr(line, name) for name in (*SAID, "supplier_id")}
                | {"assignments": [asdict(one.stated()) for one in line.assignments]},
                {name: getattr(line, name) for name in MEASURES},
            )
            for line in waiting
        },
    )


async def document_of(tx: Transaction, requisition: Requisition) -> Document:
    """Return a requisition as approvals look at it: charged to all that bear a share of its lines."""
    lines = [line for line in requisition.lines if line.status == LineStatus.PENDING]
    categories = {line.category for line in lines}
    [supplier_id, *others] = {line.supplier_id for line in lines}
    [site, *other_sites] = {line.site for line in lines}
    named = None if others else supplier_id
    return Document(
        id=requisition.id,
        number=requisition.number,
        amount=sum((line.amount for line in lines), Decimal(0)),
        currency=requisition.currency,
        authors=requisition.authors,
        content=content_of(requisition),
        thread=requisition.id,
        business_unit=requisition.business_unit,
        cost_centres={one.cost_centre for line in lines for one in line.assignments},
        categories=categories,
        within=lain_in(await above(tx, categories)),
        site=None if other_sites else site,
        supplier_id=named,
        suppliers=() if named is None else await suppliers.group_of(tx, named),
        supplier_risk=None if named is None else await suppliers.risk_of(tx, named),
        supplier_grade=None if named is None else await grade_of(tx, named),
        on_contract=await _is_agreed(tx, requisition, lines),
    )


async def _is_agreed(tx: Transaction, requisition: Requisition, lines: Collection[RequisitionLine]) -> bool:
    named = {line.item for line in lines if line.item is not None}
    agreed = await agreed_items(tx, named, requisition.business_unit, tx.day)
    return all(line.item in agreed for line in lines)


async def ask_for_approval(tx: Transaction, requisition: Requisition) -> None:
    """Let a requisition that was just submitted go through the policy's steps, where one speaks of it.

    → ApprovalRequested, ApprovalDecided.
    """
    if not await approvals.concerns(tx, APPROVING, KIND):
        return
    await tx.flush()
    approval = await approvals.submit(tx, APPROVING, KIND, await document_of(tx, requisition))
    if is_pending(approval):
        requisition.go_through(approval.id)


async def take_back(tx: Transaction, requisition: Requisition, reason: str | None) -> None:
    """Let nobody decide of a requisition any more; → ApprovalDecided where somebody was asked."""
    await approvals.withdraw(tx, APPROVING, KIND, requisition.id, reason)


async def end_when_decided(tx: Transaction, requisition: Requisition, reason: str | None) -> None:
    """Ask nobody any more when the last line that was to be decided has been rejected or cancelled."""
    if requisition.awaits_approval is not None and not requisition.undecided():
        requisition.awaits_approval = None
        await take_back(tx, requisition, reason)


async def _locked(tx: Transaction, requisition_id: UUID) -> Requisition:
    found = await store.lock(tx, requisition_id)
    if found is None:
        raise LookupError(f"an approval is of a requisition that is not there: {requisition_id}")
    return found


async def _decided(tx: Transaction, requisition_id: UUID, action: LineAction, outcome: Outcome) -> None:
    await tx.flush()
    found = await _locked(tx, requisition_id)
    before, numbers = found.status, found.undecided()
    found.awaits_approval = None
    found.decide(action, numbers, outcome.by, outcome.at, outcome.reason)
    if action == LineAction.REJECT:
        tell_rejected(tx, found, numbers)
    tell_decided(tx, found, before)
    await (reserve if action == LineAction.APPROVE else give_back)(tx, found)
    await tx.flush()
    after = {"status": found.status, "lines": numbers, "by": outcome.by}
    said = {"status": before}
    tx.audit(action, REQUISITION, requisition_id, before=said, after=after, reason=outcome.reason)


async def _approved(tx: Transaction, requisition_id: UUID, outcome: Outcome) -> None:
    await _decided(tx, requisition_id, LineAction.APPROVE, outcome)


async def _rejected(tx: Transaction, requisition_id: UUID, outcome: Outcome) -> None:
    await _decided(tx, requisition_id, LineAction.REJECT, outcome)


async def _kept_apart(tx: Transaction, requisition_id: UUID) -> Mapping[str, Collection[str]]:
    return {AUTHORS_DECIDE_NOTHING: (await queries.requisition(tx, requisition_id)).authors}


KIND = Kind(
    name=REQUISITION,
    path="/v1/requisitions/{id}",
    lock=store.lock,
    approved=_approved,
    rejected=_rejected,
    kept_apart=_kept_apart,
    undecided=None,
)
"""As long as no policy speaks of requisitions, one person other than their authors decides of their lines."""
