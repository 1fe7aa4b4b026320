"""What becomes of a change: verified by a call, rejected, and carried out when its day has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import ConflictError
from purveyor.pending import Personal
from purveyor.versions import Seen, expect_version
from purveyor_messaging.outbox import record
from sourcing.bank_accounts.commands.requesting import expect_unnamed
from sourcing.bank_accounts.model import BankAccount, BankAccountChange, BankAccountFile
from sourcing.bank_accounts.queries import policy_of, rules_of
from sourcing.bank_accounts.rules.calling import Call, expect_proof
from sourcing.bank_accounts.rules.changes import (
    ChangeKind,
    ChangeStatus,
    Move,
    Warned,
    expect_answered,
    expect_possible,
    expect_verifier,
    pays_from,
)
from sourcing.bank_accounts.store import rows as store
from sourcing.bank_accounts.store.numbers import number_of, sealed_for_procurement
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.model.phones import known_phones
from sourcing.suppliers.rules.qualification import Status
from sourcing.suppliers.store.rows import lock_supplier


async def verify(
    tx: Transaction, change_id: UUID, seen: Seen, call: Call, note: str | None
) -> BankAccountChange:
    """Vouch for a change after a call to a number that was known before it was asked for.

    Raises ForbiddenError for who asked, and InvalidError for a call that proves nothing.
    """
    supplier, file, change = await _locked(tx, change_id, None)
    expect_version(change, seen)
    expect_possible(ChangeStatus(change.status), Move.VERIFY)
    expect_verifier(tx.actor, change.requested_by)
    if supplier.status is Status.UNCONFIRMED:
        raise ConflictError(
            "supplier_unconfirmed",
            "Who the supplier is was changed and is not confirmed yet: let that be confirmed first.",
        )
    in_force = await policy_of(tx, change)
    account = await store.get_account(tx, change.account_id, None)
    phone = expect_proof(
        call,
        known_phones(supplier),
        rules_of(tx, supplier, change, in_force.value),
        country=supplier.country,
        now=tx.now,
    )
    await _expect_answered(tx, change, account, note)
    await _expect_unnamed(tx, change, account, {"note": note, "call/spoke_to": call.spoke_to})
    change.number_entered_by, change.note, change.policy_version = phone.by, note, in_force.number
    change.call = {
        "number": call.number,
        "name": phone.name,
        "spoke_to": call.spoke_to,
        "at": call.at.isoformat(),
        "known_since": phone.since.isoformat(),
    }
    begins = pays_from(tx.day, ChangeKind(change.kind), in_force.value.waiting_days)
    sealed = None if change.kind == ChangeKind.END else sealed_for_procurement(tx, account)
    record(tx, file, change.verify(tx.actor, tx.now, begins, call.at, sealed))
    after = {"pays_from": begins, "warnings": change.warnings, "policy_version": in_force.number}
    after |= {"call": Personal(change.call), "number_entered_by": phone.by}
    tx.audit("verify", "bank_account_change", change.id, after=after, reason=note)
    if begins <= tx.day:
        await _carry_out(tx, file, change, account)
    await tx.flush()
    return change


async def reject(
    tx: Transaction,
    change_id: UUID,
    seen: Seen,
    reason: str,
    told: str | None,
    *,
    supplier_id: UUID | None,
) -> BankAccountChange:
    """Let a change come to nothing: whoever may ask for one may, also the supplier that it is about."""
    _, file, change = await _locked(tx, change_id, supplier_id)
    expect_version(change, seen)
    expect_possible(ChangeStatus(change.status), Move.REJECT)
    account = await store.get_account(tx, change.account_id, None)
    await _expect_unnamed(tx, change, account, {"reason": reason, "reason_for_supplier": told})
    before = {"status": change.status}
    record(tx, file, change.reject(account, reason, told, tx.actor, tx.now))
    after = {"status": change.status, "account": account.masked, "reason_for_supplier": told}
    tx.audit("reject", "bank_account_change", change.id, before=before, after=after, reason=reason)
    await tx.flush()
    return change


async def carry_out_due(tx: Transaction, day: date) -> None:
    """Pay from now on to the accounts that were verified and whose day has come.

    One of a supplier that has become unconfirmed meanwhile waits until it is confirmed who that is.
    """
    for found in await store.due(tx, day):
        supplier, file, change = await _locked(tx, found.id, None)
        if change.status == ChangeStatus.VERIFIED and supplier.status is not Status.UNCONFIRMED:
            await _carry_out(tx, file, change, await store.get_account(tx, change.account_id, None))


async def _carry_out(
    tx: Transaction, file: BankAccountFile, change: BankAccountChange, account: BankAccount
) -> None:
    assert change.pays_from is not None  # noqa: S101  # a constraint
    if change.replaces_id is not None:
        replaced = await store.get_account(tx, change.replaces_id, None)
        replaced.end(change.pays_from)
        await tx.session.flush()  # before another is active
    record(tx, file, change.carry_out(account, change.pays_from))
    after = {"kind": change.kind, "account": account.masked, "from": change.pays_from}
    tx.audit("carry_out", "bank_account_change", change.id, after=after)


async def _expect_answered(
    tx: Transaction, change: BankAccountChange, account: BankAccount, note: str | None
) -> None:
    """Look again who else has the account by now, and ask for an answer to what is warned of."""
    elsewhere = await store.held_elsewhere(tx, account.digest, change.supplier_id)
    if elsewhere and change.kind != ChangeKind.END and Warned.SAME_ACCOUNT_ELSEWHERE not in change.warnings:
        change.warnings = [*change.warnings, Warned.SAME_ACCOUNT_ELSEWHERE.value]
    expect_answered([Warned(one) for one in change.warnings], note)


async def _expect_unnamed(
    tx: Transaction, change: BankAccountChange, account: BankAccount, texts: Mapping[str, str | None]
) -> None:
    """Raise InvalidError for a text that says the account's number, or that of the one that it replaces."""
    expect_unnamed(number_of(tx, account).number, **texts)
    if change.replaces_id is not None:
        replaced = await store.get_account(tx, change.replaces_id, None)
        expect_unnamed(number_of(tx, replaced).number, **texts)


async def _locked(
    tx: Transaction, change_id: UUID, supplier_id: UUID | None
) -> tuple[Supplier, BankAccountFile, BankAccountChange]:
    """Lock a change with all that stands beside it; raises NotFoundError when it is not the caller's."""
    change = await store.get_change(tx, change_id, supplier_id)
    supplier = await lock_supplier(tx, change.supplier_id)
    file = await store.lock_file(tx, supplier.id)
    return supplier, file, await store.read_again(tx, change)
