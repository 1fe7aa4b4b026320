"""Bank accounts and their changes in SQL: one to change, the active one, what is due, who has the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from sourcing.bank_accounts.model import BankAccount, BankAccountChange, BankAccountFile
from sourcing.bank_accounts.rules.changes import OPEN, AccountStatus, ChangeStatus

MOST_ELSEWHERE = 10


async def lock_file(tx: Transaction, supplier_id: UUID) -> BankAccountFile:
    """Lock all of a supplier's accounts, of which there may be none yet; lock the supplier first."""
    await tx.session.execute(
        insert(BankAccountFile).values(supplier_id=supplier_id, sequence=0).on_conflict_do_nothing()
    )
    found = await lock_file_if_any(tx, supplier_id)
    assert found is not None  # noqa: S101  # it was inserted, or was there
    return found


async def lock_file_if_any(tx: Transaction, supplier_id: UUID) -> BankAccountFile | None:
    """Lock all of a supplier's accounts, if it ever had any."""
    await tx.session.flush()
    found: BankAccountFile | None = await tx.session.get(
        BankAccountFile, supplier_id, with_for_update=True, populate_existing=True
    )
    return found


async def get_change(tx: Transaction, change_id: UUID, supplier_id: UUID | None) -> BankAccountChange:
    """Return a change that the caller may see; raises NotFoundError."""
    change = await tx.session.get(BankAccountChange, change_id)
    if change is None or supplier_id not in (None, change.supplier_id):
        raise NotFoundError("bank account change", change_id)
    return change


async def read_again(tx: Transaction, change: BankAccountChange) -> BankAccountChange:
    """Return a change as it is now that its supplier's file is locked."""
    await tx.session.refresh(change)
    return change


async def get_account(tx: Transaction, account_id: UUID, supplier_id: UUID | None) -> BankAccount:
    """Return an account that the caller may see; raises NotFoundError."""
    account = await tx.session.get(BankAccount, account_id)
    if account is None or supplier_id not in (None, account.supplier_id):
        raise NotFoundError("bank account", account_id)
    return account


async def active_account(tx: Transaction, supplier_id: UUID, currency: str) -> BankAccount | None:
    """Return the account that a supplier is paid to in a currency."""
    found: BankAccount | None = await tx.session.scalar(
        select(BankAccount).where(
            BankAccount.supplier_id == supplier_id,
            BankAccount.currency == currency,
            BankAccount.status == AccountStatus.ACTIVE,
        )
    )
    return found


async def open_change(tx: Transaction, supplier_id: UUID, currency: str) -> BankAccountChange | None:
    """Return the change in a currency that is not settled."""
    found: BankAccountChange | None = await tx.session.scalar(
        select(BankAccountChange).where(
            BankAccountChange.supplier_id == supplier_id,
            BankAccountChange.currency == currency,
            BankAccountChange.status.in_(OPEN),
        )
    )
    return found


async def ever_had_account(tx: Transaction, supplier_id: UUID) -> bool:
    """Whether a supplier was ever paid to any account."""
    had = select(BankAccount.id).where(
        BankAccount.supplier_id == supplier_id,
        BankAccount.status.in_((AccountStatus.ACTIVE, AccountStatus.ENDED)),
    )
    return await tx.session.scalar(had.limit(1)) is not None


async def held_elsewhere(tx: Transaction, digest: bytes, supplier_id: UUID) -> Sequence[UUID]:
    """Return other suppliers that have the same account, or would have it; some of them if there are many."""
    found = await tx.session.scalars(
        select(BankAccount.supplier_id)
        .where(
            BankAccount.digest == digest,
            BankAccount.supplier_id != supplier_id,
            BankAccount.status != AccountStatus.REFUSED,
        )
        .distinct()
        .limit(MOST_ELSEWHERE)
    )
    return sorted(found)


async def due(tx: Transaction, day: date) -> Sequence[BankAccountChange]:
    """Return verified changes whose day has come."""
    found = await tx.session.scalars(
        select(BankAccountChange)
        .where(BankAccountChange.status == ChangeStatus.VERIFIED, BankAccountChange.pays_from <= day)
        .order_by(BankAccountChange.supplier_id)
    )
    return found.all()


async def locked_otherwise(
    tx: Transaction, key_id: str, digest_key_id: str, at_most: int
) -> Sequence[BankAccount]:
    """Return accounts whose numbers are under older keys, locked; nobody waits for them."""
    older = or_(BankAccount.key_id != key_id, BankAccount.digest_key_id != digest_key_id)
    statement = select(BankAccount).where(older).order_by(BankAccount.id).limit(at_most)
    found = await tx.session.scalars(statement.with_for_update(skip_locked=True))
    return found.all()


def add(tx: Transaction, kept: BankAccount | BankAccountChange) -> None:
    """Keep what is new."""
    tx.session.add(kept)
