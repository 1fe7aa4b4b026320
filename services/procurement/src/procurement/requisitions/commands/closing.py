"""Single lines are cancelled, closed short or sourced, whatever becomes of the others."""

from __future__ import annotations

from uuid import UUID

from procurement.requisitions.commands.approving import end_when_decided
from procurement.requisitions.commands.drafting import locked
from procurement.requisitions.commands.reserving import give_back
from procurement.requisitions.commands.stated import unknown_supplier
from procurement.requisitions.commands.telling import REQUISITION, tell_decided
from procurement.requisitions.model import Requisition
from procurement.requisitions.model.events import line_closed_event
from procurement.requisitions.rules.lines import LineAction
from procurement.requisitions.rules.states import Action, check_author, next_status
from procurement.sites import store as sites
from procurement.suppliers import store as suppliers
from procurement.suppliers.rules import check_goes_on
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.versions import Seen
from purveyor_contract.roles import Role
from purveyor_messaging.outbox import record


async def close_line(
    tx: Transaction,
    requisition_id: UUID,
    number: int,
    seen: Seen,
    action: LineAction,
    by: Principal,
    reason: str,
) -> Requisition:
    """Cancel a line, or close it short of what is ordered: an author of it, or a buyer.

    → RequisitionLineClosed, and what is told when it was the last that nobody had decided of.
    """
    found = await locked(tx, requisition_id, seen)
    before = found.status
    next_status(Action.CLOSE_LINE, before)
    check_author(tx.actor, found.authors, "change", is_buyer=Role.BUYER in by.roles)
    line = found.line(number)
    was = line.status
    found.close_line(number, action, tx.actor, await sites.business_day(tx, line.site), reason)
    record(tx, found, line_closed_event(found, line))
    await end_when_decided(tx, found, reason)
    tell_decided(tx, found, before)
    await give_back(tx, found)
    await tx.flush()
    said = {"status": before, "line_number": number, "line_status": was}
    after = {"status": found.status, "line_number": number, "line_status": line.status}
    tx.audit(f"{action}_line", REQUISITION, found.id, before=said, after=after, reason=reason)
    return found


async def end_sourcing(
    tx: Transaction, requisition_id: UUID, number: int, seen: Seen, supplier_id: UUID, reason: str
) -> Requisition:
    """Let a line that was marked for sourcing be ordered: its supplier was found, and the reason says how."""
    seller = await suppliers.lock_seller(tx, supplier_id)
    if seller is None:
        raise unknown_supplier(supplier_id)
    check_goes_on(seller.status, seller.status_reason)
    found = await locked(tx, requisition_id, seen)
    before = found.status
    found.end_sourcing(number, supplier_id)
    await tx.flush()
    after = {"status": found.status, "line_number": number, "supplier_id": supplier_id}
    tx.audit("end_sourcing", REQUISITION, found.id, before={"status": before}, after=after, reason=reason)
    return found
