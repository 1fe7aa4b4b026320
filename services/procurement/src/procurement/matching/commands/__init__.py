"""What matches invoices, and what somebody decides of that."""

from procurement.matching.commands.looking import LOOK_EVERY, look_again
from procurement.matching.commands.matching import match_invoice
from procurement.matching.commands.resolving import approve_invoice, assign_line, match_now, resolve_exception

__all__ = [
    "LOOK_EVERY",
    "approve_invoice",
    "assign_line",
    "look_again",
    "match_invoice",
    "match_now",
    "resolve_exception",
]
