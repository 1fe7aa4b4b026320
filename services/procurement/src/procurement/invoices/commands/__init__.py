"""What can be done with invoices."""

from procurement.invoices.commands.deciding import approve_invoice, locked, reject_invoice
from procurement.invoices.commands.receiving import Arrived, Received, receive_invoice

__all__ = ["Arrived", "Received", "approve_invoice", "locked", "receive_invoice", "reject_invoice"]
