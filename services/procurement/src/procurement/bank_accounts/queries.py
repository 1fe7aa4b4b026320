"""Reads of bank accounts: the list, masked, and which one may be paid; its number when it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from procurement.bank_accounts import store
from procurement.bank_accounts.model import SupplierBankAccount
from procurement.bank_accounts.rules import AccountStatus, NotPayableError, Why, expect_not_held, is_payable
from procurement.settings import ProcurementSettings
from purveyor.db import Transaction
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find
from purveyor_contract.bank_details import BankDetails, Keys, NotOpenedError, opened, read_keys

ACCOUNTS = Listing(
    name="supplier-bank-accounts",
    id=SupplierBankAccount.id,
    filters=(
        equal("supplier_id", UUID, SupplierBankAccount.supplier_id, "Whose they are"),
        equal("status", AccountStatus, SupplierBankAccount.status, "Where it stands", example="active"),
    ),
    sorts=both_ways("id", SupplierBankAccount.id),
    changed=SupplierBankAccount.changed_in,
)


async def find_accounts(tx: Transaction, asked: Asked) -> Found[SupplierBankAccount]:
    """Return a page of accounts."""
    return await find(tx, select(SupplierBankAccount), asked)


async def expect_payable(tx: Transaction, supplier_id: UUID, currency: str, day: date) -> SupplierBankAccount:
    """Return the account to pay a supplier to on a day; raises NotPayableError for none, or a hold.

    Nothing holds it before the end of the transaction: a payment is before a hold, or sees it.
    """
    accounts = await store.accounts_of(tx, supplier_id, currency, paying=True)
    expect_not_held(await store.holds_of(tx, supplier_id, currency), currency)
    account = _payable_on(accounts, day)
    if account is None:
        raise NotPayableError(
            Why.NO_ACCOUNT,
            f"No verified account of the supplier is paid in {currency} on {day}: ask for one in sourcing.",
        )
    return account


async def payable_account(
    tx: Transaction, supplier_id: UUID, currency: str, day: date
) -> tuple[SupplierBankAccount | None, Sequence[UUID]]:
    """Return the account that a supplier may be paid to on a day, and the changes that hold it instead."""
    held_by = await store.holds_of(tx, supplier_id, currency)
    accounts = await store.accounts_of(tx, supplier_id, currency)
    return (None if held_by else _payable_on(accounts, day)), held_by


def _payable_on(accounts: Sequence[SupplierBankAccount], day: date) -> SupplierBankAccount | None:
    return next((one for one in accounts if is_payable(one.active_from, one.ended_on, day)), None)


def in_full(tx: Transaction, account: SupplierBankAccount) -> BankDetails:
    """Open an account to pay to it; raises NotPayableError without its key. Keep nothing of what it says."""
    settings = tx.database.settings
    keys = settings.bank_account_private_keys if isinstance(settings, ProcurementSettings) else None
    if not keys or account.sealed is None:
        raise NotPayableError(
            Why.NOT_OPENED,
            "This service was given no keys to open bank accounts with (PURVEYOR_BANK_ACCOUNT_PRIVATE_KEYS,"
            " docs/operate/bank-accounts.md).",
        )
    try:
        return opened(
            account.sealed,
            _keys(keys.get_secret_value()),
            account_id=account.id,
            supplier_id=account.supplier_id,
        )
    except NotOpenedError as error:
        raise NotPayableError(Why.NOT_OPENED, f"It cannot be paid: {error}.") from error


@lru_cache(maxsize=8)
def _keys(written: str) -> Keys:
    return read_keys(written)
