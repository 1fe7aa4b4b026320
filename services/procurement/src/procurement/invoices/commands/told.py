"""What the world is told of invoices."""

from __future__ import annotations

from procurement.invoices.model import SupplierInvoice
from procurement.invoices.rules.en16931.checking import is_valid
from purveyor.money import Money
from purveyor_contract.events.procurement.invoices import (
    InvoiceApproved,
    InvoiceCancelled,
    InvoicedTax,
    InvoiceReceived,
    InvoiceReinstated,
    InvoiceRejected,
)


def _of(invoice: SupplierInvoice) -> dict[str, object]:
    return {
        "invoice_id": invoice.id,
        "supplier_id": invoice.supplier_id,
        "number": invoice.number,
        "our_number": invoice.our_number,
        "is_credit_note": invoice.is_credit_note,
    }


def received_event(invoice: SupplierInvoice, digest: bytes) -> InvoiceReceived:
    """Return what the world learns when an invoice comes in."""

    def money(amount: object) -> Money:
        return Money.model_validate({"amount": amount, "currency": invoice.currency})

    return InvoiceReceived.model_validate(
        _of(invoice)
        | {
            "issued_on": invoice.issued_on,
            "due_on": invoice.due_on,
            "net": money(invoice.net),
            "tax": money(invoice.tax),
            "gross": money(invoice.gross),
            "payable": money(invoice.payable),
            "taxes": tuple(
                InvoicedTax(
                    category=one.category.code,
                    rate=one.category.rate,
                    taxable_amount=one.taxable_amount,
                    tax_amount=one.tax_amount,
                )
                for one in invoice.breakdown
                if one.category and one.taxable_amount is not None and one.tax_amount is not None
            ),
            "orders": tuple(invoice.orders_named()),
            "credits": invoice.preceding_number,
            "lines": len(invoice.lines),
            "is_valid": is_valid(invoice.violations),
            "rules": tuple(dict.fromkeys(one.rule for one in invoice.violations)),
            "sha256": digest.hex(),
            "received_on": invoice.received_on,
            "received_by": invoice.received_by,
        }
    )


def rejected_event(invoice: SupplierInvoice) -> InvoiceRejected:
    """Return what the world learns when an invoice is sent back."""
    return InvoiceRejected.model_validate(
        _of(invoice)
        | {
            "rules": tuple(dict.fromkeys(one.rule for one in invoice.violations)),
            "reason": invoice.rejection_reason,
            "reason_for_supplier": invoice.rejection_reason_for_supplier,
            "rejected_by": invoice.rejected_by,
        }
    )


def cancelled_event(invoice: SupplierInvoice, credit_note: SupplierInvoice) -> InvoiceCancelled:
    """Return what the world learns when credit notes have taken back all of an invoice."""
    return InvoiceCancelled.model_validate(
        _of(invoice) | {"credit_note_id": credit_note.id, "credit_note": credit_note.number}
    )


def reinstated_event(invoice: SupplierInvoice, credit_note: SupplierInvoice) -> InvoiceReinstated:
    """Return what the world learns when what had taken back the last of an invoice was rejected."""
    return InvoiceReinstated.model_validate(
        _of(invoice) | {"credit_note_id": credit_note.id, "credit_note": credit_note.number}
    )


def approved_event(invoice: SupplierInvoice) -> InvoiceApproved:
    """Return what the world learns when an invoice may be paid."""
    return InvoiceApproved.model_validate(
        _of(invoice)
        | {
            "payable": Money(amount=invoice.payable, currency=invoice.currency),
            "due_on": invoice.due_on,
            "credited": Money(amount=invoice.credited, currency=invoice.currency),
            "approved_by": invoice.approved_by,
        }
    )
