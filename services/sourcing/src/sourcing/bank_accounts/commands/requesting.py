"""A change of where a supplier is paid is asked for; payments are held from this moment on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, InvalidError
from purveyor.money import why_not_owed
from purveyor_messaging.outbox import record
from sourcing.bank_accounts.model import BankAccount, BankAccountChange
from sourcing.bank_accounts.rules.changes import (
    AccountStatus,
    ChangeKind,
    ChangeStatus,
    kind_of,
    warnings_of,
)
from sourcing.bank_accounts.rules.numbers import AccountNumber, StatedAccount, checked, mentions
from sourcing.bank_accounts.store import rows as store
from sourcing.bank_accounts.store.numbers import number_of
from sourcing.bank_accounts.store.safe import safe_of
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.search import searchable
from sourcing.suppliers.store.rows import lock_supplier


@dataclass(frozen=True, slots=True)
class AccountRequest:
    """What is asked for: an account to pay in a currency, or none any more."""

    supplier_id: UUID
    currency: str
    account: StatedAccount | None
    holder: str | None
    reason: str


async def request(tx: Transaction, asked: AccountRequest, *, by_supplier: bool) -> BankAccountChange:
    """Ask for a change; raises ConflictError while another of the same currency is open."""
    safe_of(tx)
    number = _checked(tx, asked)
    supplier = await lock_supplier(tx, asked.supplier_id)
    file = await store.lock_file(tx, supplier.id)
    if await store.open_change(tx, supplier.id, asked.currency) is not None:
        raise ConflictError(
            "change_open",
            f"A change of the account for {asked.currency} is open already: verify or reject it first.",
        )
    active = await store.active_account(tx, supplier.id, asked.currency)
    kind = kind_of(active=active is not None, states_account=number is not None)
    if active is not None:
        expect_unnamed(number_of(tx, active).number, reason=asked.reason)
    if number is None:
        assert active is not None  # noqa: S101  # an end is of what is active
        account = active
    else:
        account = _proposed(tx, supplier, asked, number)
        store.add(tx, account)
    change = BankAccountChange(
        id=new_id(),
        version=1,
        supplier_id=supplier.id,
        kind=kind,
        status=ChangeStatus.REQUESTED,
        account_id=account.id,
        replaces_id=active.id if active is not None and kind is ChangeKind.REPLACE else None,
        currency=asked.currency,
        reason=asked.reason,
        warnings=[] if number is None else await _warnings(tx, supplier, account),
        first=not await store.ever_had_account(tx, supplier.id),
        requested_by=tx.actor,
        by_supplier=by_supplier,
        requested_at=tx.now,
    )
    await tx.flush()
    store.add(tx, change)
    record(tx, file, change.requested(account))
    after: dict[str, Any] = {"supplier": str(supplier.id), "kind": kind.value, "currency": asked.currency}
    after |= {"account": account.masked, "warnings": change.warnings, "by_supplier": by_supplier}
    tx.audit("request", "bank_account_change", change.id, after=after, reason=asked.reason)
    await tx.flush()
    return change


def expect_unnamed(number: str, **texts: str | None) -> None:
    """Raise InvalidError for a text that says an account's number: texts are kept as they are, and told."""
    for field, text in texts.items():
        if mentions(text, number):
            detail = "It holds the account's number, which nobody shall read here: leave it out."
            raise InvalidError("number_in_text", detail, errors=[FieldError(f"/{field}", detail)])


def _checked(tx: Transaction, asked: AccountRequest) -> AccountNumber | None:
    gone = why_not_owed(asked.currency, tx.day)
    if gone is not None:
        raise InvalidError("currency_withdrawn", gone, errors=[FieldError("/currency", gone)])
    if asked.account is None:
        return None
    number = checked(asked.account)
    expect_unnamed(number.number, reason=asked.reason)
    if mentions(asked.holder, number.number):
        detail = "It holds the account's number, which nobody shall read here: leave it out."
        raise InvalidError("number_in_text", detail, errors=[FieldError("/account/holder", detail)])
    return number


def _proposed(
    tx: Transaction, supplier: Supplier, asked: AccountRequest, number: AccountNumber
) -> BankAccount:
    safe, account_id = safe_of(tx), new_id()
    locked = safe.lock(number.number, account_id, supplier.id)
    return BankAccount(
        id=account_id,
        supplier_id=supplier.id,
        status=AccountStatus.PROPOSED,
        currency=asked.currency,
        country=number.country,
        is_iban=number.is_iban,
        bank_code=number.bank_code,
        bic=number.bic,
        holder=asked.holder or supplier.legal_name,
        masked=number.masked,
        number=locked.content,
        key_id=locked.key_id,
        digest=safe.digest(number.identity),
        digest_key_id=safe.digest_key_id,
    )


async def _warnings(tx: Transaction, supplier: Supplier, account: BankAccount) -> list[str]:
    return [
        warned.value
        for warned in warnings_of(
            holder_key=searchable(account.holder),
            name_key=searchable(supplier.legal_name),
            supplier_country=supplier.country,
            account_country=account.country,
            bic=account.bic,
            elsewhere=bool(await store.held_elsewhere(tx, account.digest, supplier.id)),
        )
    ]
