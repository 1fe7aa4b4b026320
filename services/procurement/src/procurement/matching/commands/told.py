"""What the world is told of matched invoices, and of those that are not."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from procurement.invoices.model import SupplierInvoice
from procurement.matching.commands.standing import Standing
from procurement.matching.model import InvoiceException, InvoiceLineMatch
from purveyor_contract.events.procurement.invoices import (
    FoundException,
    InvoiceMatched,
    MatchedOrder,
)
from purveyor_contract.events.procurement.invoices import InvoiceException as InvoiceExceptionEvent


def matched_event(
    invoice: SupplierInvoice, standing: Standing, lines: Iterable[InvoiceLineMatch]
) -> InvoiceMatched:
    """Return what the world learns when an invoice is matched."""
    variances = [line.price_variance for line in lines if line.price_variance is not None]
    return InvoiceMatched(
        invoice_id=invoice.id,
        supplier_id=invoice.supplier_id,
        number=invoice.number,
        our_number=invoice.our_number,
        is_credit_note=invoice.is_credit_note,
        orders=tuple(
            MatchedOrder(order_id=order.id, number=order.number) for order in standing.orders.values()
        ),
        price_variance=sum(variances, Decimal(0)),
    )


def exception_event(invoice: SupplierInvoice, open_ones: Iterable[InvoiceException]) -> InvoiceExceptionEvent:
    """Return what the world learns when something keeps an invoice from being matched."""
    return InvoiceExceptionEvent(
        invoice_id=invoice.id,
        supplier_id=invoice.supplier_id,
        number=invoice.number,
        our_number=invoice.our_number,
        is_credit_note=invoice.is_credit_note,
        exceptions=tuple(
            FoundException(
                kind=one.kind,
                position=one.position,
                detail=one.detail,
                owner_role=one.owner_role,
                owner=one.owner,
                due_on=one.due_on,
            )
            for one in open_ones
        ),
    )
