"""What somebody decides of an invoice."""

from __future__ import annotations

from uuid import UUID

from procurement.invoices import store
from procurement.invoices.commands.receiving import INVOICE
from procurement.invoices.commands.told import approved_event, reinstated_event, rejected_event
from procurement.invoices.model import SupplierInvoice
from procurement.invoices.rules.states import InvoiceAction, next_status
from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_messaging.outbox import record


async def locked(tx: Transaction, invoice_id: UUID, seen: Seen | None = None) -> SupplierInvoice:
    """Lock an invoice with its lines, as somebody has seen it; raises NotFoundError when there is none."""
    invoice = await store.lock(tx, invoice_id)
    if invoice is None:
        raise NotFoundError("invoice", invoice_id)
    if seen is not None:
        expect_version(invoice, seen)
    return invoice


async def reject_invoice(
    tx: Transaction, invoice_id: UUID, seen: Seen, reason: str, told: str | None
) -> SupplierInvoice:
    """Send an invoice back to its supplier, with what is wrong; → InvoiceRejected, InvoiceReinstated.

    Its number may be used again, for what is right. What a credit note had taken back is given back.
    """
    invoice = await locked(tx, invoice_id, seen)
    before = invoice.status
    invoice.reject(tx.actor, tx.now, reason, told)
    record(tx, invoice, rejected_event(invoice))
    await tx.flush()
    tx.audit(
        "reject",
        INVOICE,
        invoice.id,
        before={"status": before},
        after={"status": invoice.status, "reason_for_supplier": told},
        reason=reason,
    )
    if invoice.preceding_id is not None:
        await _give_back(tx, await locked(tx, invoice.preceding_id), invoice)
    return invoice


async def _give_back(tx: Transaction, invoice: SupplierInvoice, credit_note: SupplierInvoice) -> None:
    before = invoice.status
    if invoice.uncredit(credit_note.gross):
        record(tx, invoice, reinstated_event(invoice, credit_note))
    await tx.flush()
    after = {"status": invoice.status, "credited": invoice.credited, "credit_note": credit_note.id}
    tx.audit("uncredit", INVOICE, invoice.id, before={"status": before}, after=after)


def approve(tx: Transaction, invoice: SupplierInvoice) -> None:
    """Let a locked invoice that is matched be paid; → InvoiceApproved.

    Who entered it, assigned a line of it or accepted an exception does not approve it.
    """
    before = invoice.status
    next_status(InvoiceAction.APPROVE, before)
    expect_another(
        tx.actor,
        invoice.authors,
        "Who entered an invoice, or decided of what was wrong with it, does not approve it.",
    )
    invoice.approve(tx.actor, tx.now)
    record(tx, invoice, approved_event(invoice))
    after = {"status": invoice.status}
    tx.audit("approve", INVOICE, invoice.id, before={"status": before}, after=after)
