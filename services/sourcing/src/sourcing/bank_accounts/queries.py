"""Reads of bank accounts and of their changes, and how careful a change is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find
from purveyor.policies import Place, Policy, Version
from sourcing.bank_accounts.model import BankAccount, BankAccountChange
from sourcing.bank_accounts.rules.calling import CallRules, callable_phones
from sourcing.bank_accounts.rules.changes import (
    MOVES,
    AccountStatus,
    BankAccountChanges,
    ChangeStatus,
    Move,
)
from sourcing.bank_accounts.rules.numbers import AccountNumber
from sourcing.bank_accounts.store.numbers import number_of
from sourcing.bank_accounts.store.rows import get_account
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.model.phones import known_phones
from sourcing.suppliers.rules.phones import KnownPhone
from sourcing.suppliers.store.rows import get_supplier

BANK_ACCOUNT_CHANGES = Policy(
    "bank-account-changes",
    BankAccountChanges,
    "How long a verified bank account waits, and how long a number was known that is called about it;"
    " what is in force on the day of the verification decides",
    frozenset({"supplier_id"}),
)
ACCOUNTS = Listing(
    name="bank-accounts",
    id=BankAccount.id,
    filters=(
        equal("supplier_id", UUID, BankAccount.supplier_id, "Whose they are"),
        equal("status", AccountStatus, BankAccount.status, "Where it stands", example="active"),
    ),
    sorts=both_ways("id", BankAccount.id),
    changed=BankAccount.changed_in,
)
CHANGES = Listing(
    name="bank-account-changes",
    id=BankAccountChange.id,
    filters=(
        equal("supplier_id", UUID, BankAccountChange.supplier_id, "Whose account it is about"),
        equal("status", ChangeStatus, BankAccountChange.status, "Where it stands", example="requested"),
    ),
    sorts=both_ways("id", BankAccountChange.id),
    changed=BankAccountChange.changed_in,
)


async def find_accounts(tx: Transaction, asked: Asked, supplier_id: UUID | None) -> Found[BankAccount]:
    """Return a page of accounts, of those that the caller may see."""
    statement: Select[BankAccount] = select(BankAccount)
    if supplier_id is not None:
        statement = statement.where(BankAccount.supplier_id == supplier_id)
    return await find(tx, statement, asked)


async def find_changes(tx: Transaction, asked: Asked, supplier_id: UUID | None) -> Found[BankAccountChange]:
    """Return a page of changes, of those that the caller may see."""
    statement: Select[BankAccountChange] = select(BankAccountChange).options(
        joinedload(BankAccountChange.account)
    )
    if supplier_id is not None:
        statement = statement.where(BankAccountChange.supplier_id == supplier_id)
    return await find(tx, statement, asked)


async def policy_of(tx: Transaction, change: BankAccountChange) -> Version[BankAccountChanges]:
    """Return how careful a change is, were it verified now."""
    history = await policies.history(tx, BANK_ACCOUNT_CHANGES)
    return history.in_force(tx.day, Place(supplier_id=change.supplier_id))


def rules_of(
    tx: Transaction, supplier: Supplier, change: BankAccountChange, policy: BankAccountChanges
) -> CallRules:
    """Return what a number is held against when the actor calls about a change."""
    known_for = timedelta(days=policy.number_known_days)
    new_until = supplier.registered_at + known_for if change.first else None
    return CallRules(change.requested_at, change.requested_by, tx.actor, known_for, new_until)


async def to_verify(
    tx: Transaction, change: BankAccountChange
) -> tuple[BankAccount, AccountNumber, Sequence[KnownPhone]]:
    """Return what who verifies a change needs: the account, its number, the phones that may be called.

    Raises NotFoundError for one that is not to be verified any more: nobody needs the number then.
    """
    if Move.VERIFY not in MOVES[ChangeStatus(change.status)]:
        raise NotFoundError("bank account to verify", change.id)
    account = await get_account(tx, change.account_id, None)
    supplier = await get_supplier(tx, change.supplier_id)
    rules = rules_of(tx, supplier, change, (await policy_of(tx, change)).value)
    return account, number_of(tx, account), callable_phones(known_phones(supplier), rules)
