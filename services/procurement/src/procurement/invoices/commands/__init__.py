"""What can be done with invoices."""

from procurement.invoices.commands.deciding import approve, locked, reject_invoice
from procurement.invoices.commands.receiving import Arrived, Received, receive_invoice

__all__ = ["Arrived", "Received", "approve", "locked", "receive_invoice", "reject_invoice"]
