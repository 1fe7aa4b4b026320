"""What somebody decides of an invoice: of an exception, which line is meant, or that it may be paid."""

from __future__ import annotations

from uuid import UUID

from procurement.invoices.commands import approve, locked
from procurement.invoices.model import SupplierInvoice
from procurement.invoices.rules.states import OPEN, InvoiceAction, InvoiceStatus, next_status
from procurement.matching import store
from procurement.matching.commands.matching import INVOICE, match_invoice
from procurement.matching.model import InvoiceLineMatch
from procurement.matching.rules.assigning import Assigned, Sign, learned_as
from procurement.matching.rules.exceptions import ExceptionKind, Resolution, check_resolution
from procurement.orders.commands.shipping import lock_to_ship
from procurement.orders.model import PurchaseOrder
from procurement.suppliers.store import company_of
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
from purveyor.versions import Seen, expect_version


async def resolve_exception(
    tx: Transaction,
    invoice_id: UUID,
    exception_id: UUID,
    seen: Seen,
    resolution: Resolution,
    reason: str,
    by: Principal,
) -> SupplierInvoice:
    """Decide of what keeps an invoice from being matched, and match it again.

    Who accepts something is an author of the invoice, and does not approve it.
    """
    await _orders_first(tx, invoice_id)
    invoice = await _open(tx, invoice_id, seen)
    known = {one.id: one for one in await store.exceptions(tx, invoice_id)}
    one = known.get(exception_id)
    if one is None:
        raise NotFoundError("exception", exception_id)
    check_resolution(ExceptionKind(one.kind), resolution, by.roles, is_open=one.is_open)
    one.resolve(resolution, reason, tx.actor, tx.now)
    invoice.note_author(tx.actor)
    await tx.flush()
    tx.audit(
        str(resolution),
        INVOICE,
        invoice_id,
        after={"exception": exception_id, "kind": one.kind, "position": one.position},
        reason=reason,
    )
    return await match_invoice(tx, invoice_id)


async def assign_line(
    tx: Transaction, invoice_id: UUID, position: int, seen: Seen, order_id: UUID, line_number: int
) -> SupplierInvoice:
    """Say which line of an order a line is for, and learn what its supplier calls that item."""
    orders = await _orders_first(tx, invoice_id, order_id)
    invoice = await _open(tx, invoice_id, seen)
    line = next((one for one in invoice.lines if one.position == position), None)
    if line is None:
        raise NotFoundError("invoice line", position)
    order = orders.get(order_id)
    lines = {} if order is None else {one.line_number: one for one in order.lines}
    bought = lines.get(line_number)
    if order is None or bought is None or order.supplier_id not in await company_of(tx, invoice.supplier_id):
        raise InvalidError(
            "order_line_unknown",
            "The supplier of the invoice has no order with this line.",
            errors=[FieldError("/line_number", "not a line of an order of this supplier")],
        )
    found = Assigned(order_id, line_number, 100, (Sign.PERSON,))
    known = {one.position: one for one in await store.matches(tx, [invoice_id])}
    match = known.get(position)
    if match is None:
        match = InvoiceLineMatch(
            invoice_id=invoice_id,
            position=position,
            counts=False,
            is_watched=True,
            net_amount=-line.net_amount if invoice.is_credit_note else line.net_amount,
            order_version=order.version,
        )
        tx.session.add(match)
    elif match.counts:
        raise ConflictError("line_counts", "The line is matched already: what it charges is counted.")
    match.find(found)
    match.assigned_by = tx.actor
    invoice.note_author(tx.actor)
    said = learned_as(line.sellers_item, line.name)
    if said is not None:
        await store.learn(tx, invoice.supplier_id, said, bought.item, tx.actor, tx.now)
    await tx.flush()
    after = {"position": position, "order_id": order_id, "line_number": line_number}
    tx.audit("assign", INVOICE, invoice_id, after=after)
    return await match_invoice(tx, invoice_id)


async def match_now(tx: Transaction, invoice_id: UUID, seen: Seen) -> SupplierInvoice:
    """Match an invoice at once, as somebody has seen it."""
    await _orders_first(tx, invoice_id)
    await _open(tx, invoice_id, seen)
    return await match_invoice(tx, invoice_id)


async def approve_invoice(tx: Transaction, invoice_id: UUID, seen: Seen) -> SupplierInvoice:
    """Let an invoice that is matched be paid, if its orders still are as it was matched; → InvoiceApproved.

    It is matched once more before: what has moved since its approver looked is for them to see first.
    """
    await _orders_first(tx, invoice_id)
    next_status(InvoiceAction.APPROVE, (await locked(tx, invoice_id, seen)).status)
    invoice = await match_invoice(tx, invoice_id)
    expect_version(invoice, seen)
    approve(tx, invoice)
    await tx.flush()
    return invoice


async def _orders_first(tx: Transaction, invoice_id: UUID, *more: UUID) -> dict[UUID, PurchaseOrder]:
    """Lock the orders of an invoice before it, as whoever matches it does."""
    known = await store.matches(tx, [invoice_id])
    return await lock_to_ship(tx, {*(one.order_id for one in known), *more})


async def _open(tx: Transaction, invoice_id: UUID, seen: Seen) -> SupplierInvoice:
    invoice = await locked(tx, invoice_id, seen)
    if InvoiceStatus(invoice.status) not in OPEN:
        next_status(InvoiceAction.MATCH, invoice.status)
    return invoice
