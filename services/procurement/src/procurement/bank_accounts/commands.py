"""What an event of sourcing changes in procurement's copy of where a supplier is paid."""

from __future__ import annotations

from uuid import UUID

from procurement.bank_accounts import store
from procurement.bank_accounts.model import BankAccountHold, SupplierBankAccount
from procurement.bank_accounts.rules import AccountStatus
from purveyor.db import Transaction
from purveyor_contract.events.sourcing.bank_accounts import (
    BankAccountActivated,
    BankAccountChangeRequested,
    BankAccountEnded,
    BankAccountRejected,
    BankAccountVerified,
)


async def hold(tx: Transaction, event: BankAccountChangeRequested) -> None:
    """Hold a supplier's payments in a currency, and note the account that would be paid to."""
    await store.accounts_of(tx, event.supplier_id, event.currency, changing=True)
    held = {"supplier_id": event.supplier_id, "currency": event.currency}
    tx.session.add(BankAccountHold(change_id=event.change_id, held_since=tx.now, **held))
    if event.kind != "end":
        account = SupplierBankAccount(
            id=event.account_id,
            status=AccountStatus.PROPOSED,
            country=event.country,
            masked=event.masked,
            changed_at=tx.now,
            **held,
        )
        tx.session.add(account)
    after = {"change": event.change_id, "currency": event.currency, "account": event.masked}
    tx.audit("hold_payments", "supplier", event.supplier_id, after=after)
    await tx.flush()


async def keep(tx: Transaction, event: BankAccountVerified) -> None:
    """Keep a verified account as it came: sealed."""
    if event.sealed is not None:
        account = await store.get_account(tx, event.account_id)
        account.status, account.sealed, account.changed_at = AccountStatus.VERIFIED, event.sealed, tx.now
        await tx.flush()


async def reject(tx: Transaction, event: BankAccountRejected) -> None:
    """Pay again as before."""
    account = await store.get_account(tx, event.account_id)
    if account.status in (AccountStatus.PROPOSED, AccountStatus.VERIFIED):
        account.status, account.changed_at = AccountStatus.REFUSED, tx.now
    await _release(tx, event.supplier_id, event.change_id)


async def activate(tx: Transaction, event: BankAccountActivated) -> None:
    """Pay to an account from now on, and no more to the one that it replaces."""
    account = await store.get_account(tx, event.account_id)
    account.status, account.active_from, account.changed_at = (
        AccountStatus.ACTIVE,
        event.active_from,
        tx.now,
    )
    if event.replaces_id is not None:
        replaced = await store.get_account(tx, event.replaces_id)
        replaced.status, replaced.ended_on, replaced.changed_at = (
            AccountStatus.ENDED,
            event.active_from,
            tx.now,
        )
    await _release(tx, event.supplier_id, event.change_id)


async def end(tx: Transaction, event: BankAccountEnded) -> None:
    """Pay to an account no more."""
    account = await store.get_account(tx, event.account_id)
    account.status, account.ended_on, account.changed_at = AccountStatus.ENDED, event.ended_on, tx.now
    await _release(tx, event.supplier_id, event.change_id)


async def _release(tx: Transaction, supplier_id: UUID, change_id: UUID) -> None:
    await tx.flush()
    await store.release(tx, change_id)
    tx.audit("release_payments", "supplier", supplier_id, after={"change": change_id})
    await tx.flush()
