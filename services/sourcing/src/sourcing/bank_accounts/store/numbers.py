"""Numbers of accounts as they are kept: opened, and locked anew."""

from __future__ import annotations

from purveyor.db import Transaction
from purveyor_contract.bank_details import BankDetails, seal
from sourcing.bank_accounts.model import BankAccount
from sourcing.bank_accounts.rules.numbers import AccountNumber
from sourcing.bank_accounts.store.safe import Locked, Safe, safe_of


def number_of(tx: Transaction, account: BankAccount) -> AccountNumber:
    """Return an account's number; raises UnavailableError without its key."""
    return _opened(safe_of(tx), account)


def lock_anew(tx: Transaction, account: BankAccount) -> None:
    """Encrypt and digest an account's number with the keys that come first now."""
    safe = safe_of(tx)
    number = _opened(safe, account)
    locked = safe.lock(number.number, account.id, account.supplier_id)
    account.number, account.key_id = locked.content, locked.key_id
    account.digest, account.digest_key_id = safe.digest(number.identity), safe.digest_key_id


def sealed_for_procurement(tx: Transaction, account: BankAccount) -> str:
    """Return all of an account, as only procurement can open it."""
    safe = safe_of(tx)
    number = _opened(safe, account)
    details = BankDetails(
        supplier_id=account.supplier_id,
        account_id=account.id,
        holder=account.holder,
        currency=account.currency,
        country=account.country,
        iban=number.number if account.is_iban else None,
        number=None if account.is_iban else number.number,
        bank_code=account.bank_code,
        bic=account.bic,
    )
    return seal(details, safe.recipients)


def _opened(safe: Safe, account: BankAccount) -> AccountNumber:
    locked = Locked(account.number, account.key_id)
    number = safe.open(locked, account.id, account.supplier_id)
    return AccountNumber(account.country, number, account.is_iban, account.bank_code, account.bic)
