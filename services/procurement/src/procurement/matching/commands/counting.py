"""What an invoice charges counts as invoiced on the lines of its orders, or no more."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from procurement.invoices.model import SupplierInvoice
from procurement.matching.commands.standing import Standing
from procurement.matching.model import InvoiceLineMatch
from purveyor.db import Transaction
from purveyor.money import Money
from purveyor_contract.events.procurement.orders import OrderLineInvoiced
from purveyor_messaging.outbox import record


def count(
    tx: Transaction, invoice: SupplierInvoice, standing: Standing, lines: Iterable[InvoiceLineMatch]
) -> None:
    """Let lines count that do not yet; → OrderLineInvoiced of each."""
    for line in lines:
        if not line.counts and line.quantity is not None and line.order_id in standing.orders:
            line.counts = True
            _tell(tx, invoice, standing, line, line.quantity, line.net_amount)


def uncount(
    tx: Transaction, invoice: SupplierInvoice, standing: Standing, lines: Iterable[InvoiceLineMatch]
) -> None:
    """Let lines count no more; → OrderLineInvoiced of each, with what is taken off."""
    for line in lines:
        if line.counts and line.quantity is not None and line.order_id in standing.orders:
            line.counts = False
            _tell(tx, invoice, standing, line, -line.quantity, -line.net_amount)


def _tell(
    tx: Transaction,
    invoice: SupplierInvoice,
    standing: Standing,
    line: InvoiceLineMatch,
    quantity: Decimal,
    net_amount: Decimal,
) -> None:
    order = standing.orders[line.order_id]
    record(
        tx,
        order,
        OrderLineInvoiced(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            line_number=line.line_number,
            invoice_id=invoice.id,
            invoice_number=invoice.number,
            is_credit_note=invoice.is_credit_note,
            quantity=quantity,
            net_amount=Money(amount=net_amount, currency=invoice.currency),
            price_variance=line.price_variance,
        ),
    )
