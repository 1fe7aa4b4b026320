"""What people and days do with bank accounts: ask for a change, verify or reject it, carry it out."""

from sourcing.bank_accounts.commands.deciding import carry_out_due, reject, verify
from sourcing.bank_accounts.commands.requesting import AccountRequest, request
from sourcing.bank_accounts.commands.rotating import rotate

__all__ = ["AccountRequest", "carry_out_due", "reject", "request", "rotate", "verify"]
