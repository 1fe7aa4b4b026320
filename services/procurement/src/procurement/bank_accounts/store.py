"""Bank accounts in SQL: those of a supplier in a currency, what holds its payments."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from procurement.bank_accounts.model import BankAccountHold, SupplierBankAccount
from purveyor.db import Transaction


async def accounts_of(
    tx: Transaction, supplier_id: UUID, currency: str, *, paying: bool = False, changing: bool = False
) -> Sequence[SupplierBankAccount]:
    """Return a supplier's accounts of a currency, oldest first.

    Who pays locks them before looking for holds, who holds locks them before holding: a payment is either
    before the hold or sees it.
    """
    statement = (
        select(SupplierBankAccount)
        .where(SupplierBankAccount.supplier_id == supplier_id, SupplierBankAccount.currency == currency)
        .order_by(SupplierBankAccount.id)
        .execution_options(populate_existing=True)
    )
    if paying or changing:
        statement = statement.with_for_update(read=not changing)
    return (await tx.session.scalars(statement)).all()


async def holds_of(tx: Transaction, supplier_id: UUID, currency: str) -> Sequence[UUID]:
    """Return the changes that hold a supplier's payments in a currency."""
    found = await tx.session.scalars(
        select(BankAccountHold.change_id).where(
            BankAccountHold.supplier_id == supplier_id, BankAccountHold.currency == currency
        )
    )
    return found.all()


async def get_account(tx: Transaction, account_id: UUID) -> SupplierBankAccount:
    """Return an account; raises LookupError for one that nobody told of."""
    account = await tx.session.get(SupplierBankAccount, account_id)
    if account is None:
        raise LookupError(f"nobody has told of the bank account {account_id}")
    return account


async def release(tx: Transaction, change_id: UUID) -> None:
    """Let go of what a change held."""
    await tx.session.execute(delete(BankAccountHold).where(BankAccountHold.change_id == change_id))


async def forget(tx: Transaction, supplier_id: UUID) -> None:
    """Delete all that was told of a supplier's accounts."""
    for mapped in (BankAccountHold, SupplierBankAccount):
        await tx.session.execute(delete(mapped).where(mapped.supplier_id == supplier_id))
    tx.session.expire_all()
