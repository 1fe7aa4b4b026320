"""A contract that runs: suspended, resumed, given notice of, terminated; what days do to it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import ConflictError
from purveyor.versions import Seen
from purveyor_contract.events.sourcing.contracts import (
    ContractExpired,
    ContractExpiring,
    ContractNoticeGiven,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
)
from purveyor_messaging.outbox import record
from sourcing.contracts import store
from sourcing.contracts.commands.parts import audit, lock, named
from sourcing.contracts.commands.signing import activate, renew
from sourcing.contracts.model import Contract
from sourcing.contracts.rules.states import ContractMove
from sourcing.contracts.rules.term import Due, due, notice_deadline, renewed_until, stage_told


async def suspend(tx: Transaction, contract_id: UUID, seen: Seen, reason: str, told: str | None) -> Contract:
    """Let nothing be bought by a contract until it is resumed; → ContractSuspended."""
    contract = await lock(tx, contract_id, seen)
    before = contract.status
    contract.move(ContractMove.SUSPEND)
    contract.suspended_reason, contract.suspended_reason_for_supplier = reason, told
    contract.drop_amendment()
    event = ContractSuspended(
        **named(contract), reason=reason, reason_for_supplier=told, suspended_by=tx.actor
    )
    record(tx, contract, event)
    audit(tx, "suspend", contract, before, reason, reason_for_supplier=told)
    return contract


async def resume(tx: Transaction, contract_id: UUID, seen: Seen, reason: str) -> Contract:
    """Let a suspended contract be bought by again; → ContractResumed."""
    contract = await lock(tx, contract_id, seen)
    before = contract.status
    contract.move(ContractMove.RESUME)
    contract.suspended_reason = contract.suspended_reason_for_supplier = None
    record(tx, contract, ContractResumed(**named(contract), reason=reason, resumed_by=tx.actor))
    audit(tx, "resume", contract, before, reason)
    return contract


async def give_notice(
    tx: Transaction, contract_id: UUID, seen: Seen, reason: str, *, by_supplier: bool
) -> Contract:
    """Let a contract end at its end, which would go on by itself otherwise; → ContractNoticeGiven."""
    contract = await lock(tx, contract_id, seen)
    contract.expect_possible(ContractMove.GIVE_NOTICE)
    last = None if contract.notice_given_on is not None else notice_deadline(contract.says)
    if last is None:
        detail = f"Contract {contract.number} ends on {contract.ends_on}: there is nothing to give notice of."
        raise ConflictError("notice_not_possible", detail)
    if tx.day > last:
        raise ConflictError("notice_not_possible", f"The last day for notice was {last}.")
    contract.notice_given_on, contract.notice_by_supplier = tx.day, by_supplier
    contract.told_days_before = None
    event = ContractNoticeGiven(
        **named(contract),
        ends_on=contract.ends_on,
        given_on=tx.day,
        by_supplier=by_supplier,
        reason=reason,
        noted_by=tx.actor,
    )
    record(tx, contract, event)
    audit(tx, "give_notice", contract, contract.status, reason, by_supplier=by_supplier)
    return contract


async def terminate(
    tx: Transaction, contract_id: UUID, seen: Seen, reason: str, told: str | None
) -> Contract:
    """End a contract before its end: nothing is bought by it from now on; → ContractTerminated."""
    contract = await lock(tx, contract_id, seen)
    before = contract.status
    contract.move(ContractMove.TERMINATE)
    contract.end(tx.day, reason, told)
    event = ContractTerminated(
        **named(contract),
        ended_on=tx.day,
        reason=reason,
        reason_for_supplier=told,
        terminated_by=tx.actor,
    )
    record(tx, contract, event)
    audit(tx, "terminate", contract, before, reason, reason_for_supplier=told)
    return contract


async def pass_day(tx: Transaction, day: date) -> None:
    """Begin, renew and end the contracts whose day has come, and tell of those that end soon.

    → ContractActivated, ContractRenewed, ContractExpiring, ContractExpired. Each once, however often a day is
    gone through; a day that was missed is made up for.
    """
    for contract_id in await store.touched_by(tx, day):
        contract = await store.lock_contract(tx, contract_id)
        while (happens := due(contract.standing(), day)) is not None:
            _let(tx, contract, happens, day)
        await tx.flush()


def _let(tx: Transaction, contract: Contract, happens: Due, day: date) -> None:
    if happens is Due.ACTIVATE:
        activate(tx, contract, day)
    elif happens is Due.RENEW:
        until = renewed_until(contract.says)
        if until is not None:
            renew(tx, contract, until, day)
    elif happens is Due.EXPIRE:
        before = contract.status
        contract.move(ContractMove.EXPIRE)
        contract.end(contract.ends_on, None, None)
        record(tx, contract, ContractExpired(**named(contract), ended_on=contract.ends_on))
        audit(tx, "expire", contract, before)
    else:
        _remind(tx, contract, day)


def _remind(tx: Transaction, contract: Contract, day: date) -> None:
    stands = contract.standing()
    stage = stage_told(stands, day)
    if stage is None:
        return
    contract.told_days_before = stage
    last = None if stands.notice_given else notice_deadline(stands.content)
    event = ContractExpiring(
        **named(contract),
        ends_on=contract.ends_on,
        days_left=(contract.ends_on - day).days,
        notice_deadline=last,
        renewed_until=None if last is None else renewed_until(stands.content),
        stage=stage,
    )
    record(tx, contract, event)
