"""An order goes through the steps that the approval policy wants, and what was decided comes back to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from procurement.approving.queries import APPROVING
from procurement.categories.rules import lain_in
from procurement.categories.store import above
from procurement.grades.queries import grade_of
from procurement.orders.model import PurchaseOrder
from procurement.orders.rules import permissions
from procurement.orders.rules.drafts import DraftLine, DraftOrder, order_amounts
from procurement.orders.rules.states import Action, OrderState, Status, move
from procurement.orders.store import moves, rows
from procurement.suppliers import store as suppliers
from purveyor.db import Transaction
from purveyor.errors import ConflictError
from purveyor.sql import by_name
from purveyor_approvals import commands as approvals
from purveyor_approvals.kinds import Document, Kind, Outcome
from purveyor_approvals.model import is_pending
from purveyor_approvals.rules.content import Content, Line

ORDER = "purchase_order"
MEASURES = ("quantity", "price")
APART = {"schedules", "weight", *MEASURES}
OF_ITS_DAY = {"lines", "ordered_on", "tax_rates"}
"""What an order says and nobody approves: its day, and what that makes of its taxes."""


def content_of(content: DraftOrder) -> Content:
    """Return what is approved of an order: all that is stated; of quantities and prices less is less."""
    amounts = order_amounts(content)
    return Content(
        {name: _plain(getattr(content, name)) for name in DraftOrder.__slots__ if name not in OF_ITS_DAY},
        {
            str(line.line_number): Line(
                {name: _plain(getattr(line, name)) for name in DraftLine.__slots__ if name not in APART}
                | {"days": [one.need_by for one in line.schedules]},
                {name: getattr(line, name) for name in MEASURES} | {"amount": amount},
            )
            for line, amount in zip(content.lines, amounts, strict=True)
        },
    )


def _plain(value: Any) -> Any:
    return [asdict(one) for one in value] if isinstance(value, tuple) else value


async def document_of(
    tx: Transaction,
    order: PurchaseOrder,
    content: DraftOrder,
    *,
    document_id: UUID,
    number: str,
    total: Decimal,
    authors: Collection[str],
) -> Document:
    """Return an order, or what it is to say next, as approvals look at it."""
    categories = {line.category for line in content.lines}
    return Document(
        id=document_id,
        number=number,
        amount=total,
        currency=content.currency,
        authors=authors,
        content=content_of(content),
        thread=order.id,
        business_unit=content.business_unit,
        cost_centres=[content.cost_centre],
        categories=categories,
        within=lain_in(await above(tx, categories)),
        site=content.site,
        supplier_id=order.supplier_id,
        suppliers=await suppliers.group_of(tx, order.supplier_id),
        supplier_risk=await suppliers.risk_of(tx, order.supplier_id),
        supplier_grade=await grade_of(tx, order.supplier_id),
        on_contract=order.blanket_order_id is not None,
    )


async def ask_for_approval(tx: Transaction, submitted: OrderState) -> OrderState | PurchaseOrder:
    """Let an order that was just submitted go through the policy's steps; as it is where none speaks of it.

    → ApprovalRequested, ApprovalDecided.
    """
    if not await approvals.concerns(tx, APPROVING, KIND):
        return submitted
    order = await locked_with_lines(tx, submitted.id)
    document = await document_of(
        tx,
        order,
        order.stated(),
        document_id=order.id,
        number=order.number,
        total=order.total,
        authors=order.authors,
    )
    approval = await approvals.submit(tx, APPROVING, KIND, document)
    await tx.session.refresh(order)
    if is_pending(approval):
        order.awaits_approval = approval.id
        await tx.flush()
    return order


async def locked_with_lines(tx: Transaction, order_id: UUID) -> PurchaseOrder:
    """Lock an order that exists, with its lines."""
    order = await rows.lock(tx, order_id)
    if order is None:
        raise LookupError(f"an approval is of an order that is not there: {order_id}")
    await tx.session.refresh(order, ["lines"])
    return order


async def _approved(tx: Transaction, order_id: UUID, outcome: Outcome) -> None:
    order = await locked_with_lines(tx, order_id)
    seen, awaits = (order.version,), order.awaits_approval
    approved = await moves.approve(tx, order_id, seen, move(Action.APPROVE), outcome.by, awaits)
    if approved is None:
        permissions.check_approver(outcome.by, by_name(await moves.parts(tx, order_id)))
        raise ConflictError("wrong_state", "The order is not to be approved any more.", allowed=[])
    await tx.session.refresh(order)
    before, after = {"status": Status.SUBMITTED}, {"status": approved.status, "by": outcome.by}
    tx.audit(Action.APPROVE, ORDER, order_id, before=before, after=after, reason=outcome.reason)


async def _rejected(tx: Transaction, order_id: UUID, outcome: Outcome) -> None:
    order = await locked_with_lines(tx, order_id)
    before = order.status
    order.take_back()
    await tx.flush()
    after = {"status": order.status}
    tx.audit(Action.RETURN, ORDER, order_id, before={"status": before}, after=after, reason=outcome.reason)


async def _kept_apart(tx: Transaction, order_id: UUID) -> Mapping[str, Collection[str]]:
    parts = by_name(await moves.parts(tx, order_id))
    return {why: parts[part] for part, why in permissions.APPROVED_BY_OTHERS.items()}


KIND = Kind(
    name=ORDER,
    path="/v1/purchase-orders/{id}",
    lock=rows.lock,
    approved=_approved,
    rejected=_rejected,
    kept_apart=_kept_apart,
    undecided=None,
)
"""As long as no policy speaks of orders, one person other than their authors approves them, as ever."""
