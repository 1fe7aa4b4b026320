"""Two others sign a contract, which makes it binding, or its amendment, which makes another version of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from purveyor.db import Transaction
from purveyor.duties import expect_another, with_author
from purveyor.errors import FieldError, InvalidError
from purveyor.versions import Seen
from purveyor_contract.events.sourcing.contracts import ContractActivated, ContractAmended, ContractRenewed
from purveyor_messaging.outbox import record
from sourcing.contracts import queries, store
from sourcing.contracts.commands.drafting import expect_amendment
from sourcing.contracts.commands.parts import audit, check, lock, lock_with_parties, said
from sourcing.contracts.model import Contract
from sourcing.contracts.rules.checks import check_amendment
from sourcing.contracts.rules.content import ContractContent
from sourcing.contracts.rules.states import (
    SIGNED_BY_OTHERS,
    SIGNED_BY_TWO,
    ContractMove,
    ContractStatus,
    signed_wholly,
)
from sourcing.suppliers.model import Supplier

NOT_THE_SUPPLIERS = "Who made a supplier what it is does not sign its contracts: ask a colleague."


async def sign(tx: Transaction, contract_id: UUID, seen: Seen) -> Contract:
    """Sign a contract, or the amendment that was proposed; the second of two makes it hold."""
    contract, parties = await lock_with_parties(tx, contract_id, seen)
    contract.expect_possible(ContractMove.SIGN)
    if contract.stands is ContractStatus.IN_APPROVAL:
        return await _sign(tx, contract, parties)
    return await _sign_amendment(tx, contract, parties)


async def propose(
    tx: Transaction, contract_id: UUID, seen: Seen, content: ContractContent, why: str
) -> Contract:
    """Propose what a running contract is to say next; it does once two others have signed that."""
    contract = await lock(tx, contract_id, seen)
    contract.expect_possible(ContractMove.AMEND)
    await _check_amendment(tx, contract, content)
    contract.propose(content, why, tx.actor)
    audit(tx, "propose", contract, contract.status, why, content=contract.amendment)
    return contract


async def propose_renewal(
    tx: Transaction, contract_id: UUID, seen: Seen, ends_on: date, why: str
) -> Contract:
    """Propose that a running contract goes on for longer, as it is."""
    contract = await lock(tx, contract_id, seen)
    contract.expect_possible(ContractMove.RENEW)
    if ends_on <= contract.ends_on:
        detail = f"It runs until {contract.ends_on} anyway: name a later day, or amend it."
        raise InvalidError("contract_term_wrong", detail, errors=[FieldError("/ends_on", detail)])
    content = contract.says.ending(ends_on)
    try:
        await _check_amendment(tx, contract, content)
    except InvalidError as error:
        errors = [FieldError("/ends_on", one.detail) for one in error.errors]
        raise InvalidError(error.code, error.detail, errors=errors) from error
    contract.propose(content, why, tx.actor)
    audit(tx, "propose", contract, contract.status, why, content=contract.amendment)
    return contract


def activate(tx: Transaction, contract: Contract, day: date) -> None:
    """Let a signed contract be bought by; → ContractActivated."""
    before = contract.status
    contract.move(ContractMove.ACTIVATE)
    record(tx, contract, ContractActivated(**said(contract), signed_by=tuple(contract.signers)))
    audit(tx, "activate", contract, before, day=day)


def keep_version(
    tx: Transaction, contract: Contract, day: date, why: str | None, by: tuple[Sequence[str], Sequence[str]]
) -> None:
    """Keep what a contract says from a day on, with its authors and who signed it."""
    store.add_version(tx, contract.next_version(day, tx.now, why, *by))


async def _sign(tx: Transaction, contract: Contract, parties: Sequence[Supplier]) -> Contract:
    expect_another(tx.actor, contract.authors, SIGNED_BY_OTHERS)
    expect_another(tx.actor, contract.signers, SIGNED_BY_TWO)
    signers = with_author(contract.signers, tx.actor)
    supplier_authors = _authors_of(parties, signers)
    contract.signers, contract.supplier_authors = signers, supplier_authors
    before = contract.status
    contract.move(ContractMove.SIGN)
    audit(tx, "sign", contract, before, signers=signers)
    if not signed_wholly(signers):
        return contract
    content = contract.says
    await check(tx, content)
    await queries.expect_signable(tx, contract, parties, content)
    contract.move(ContractMove.CONCLUDE)
    keep_version(tx, contract, max(tx.day, content.starts_on), None, (contract.authors, signers))
    audit(tx, "conclude", contract, before, edition=contract.edition)
    if content.starts_on <= tx.day:
        activate(tx, contract, tx.day)
    return contract


async def _sign_amendment(tx: Transaction, contract: Contract, parties: Sequence[Supplier]) -> Contract:
    content, previous = expect_amendment(contract), contract.says
    expect_another(tx.actor, contract.amendment_authors, SIGNED_BY_OTHERS)
    expect_another(tx.actor, contract.amendment_signers, SIGNED_BY_TWO)
    signers = with_author(contract.amendment_signers, tx.actor)
    _authors_of(parties, signers)
    contract.amendment_signers = signers
    audit(tx, "sign", contract, contract.status, signers=signers)
    if not signed_wholly(signers):
        return contract
    await _check_amendment(tx, contract, content)
    await queries.expect_signable(tx, contract, parties, content)
    why, authors = contract.amendment_why or "", list(contract.amendment_authors)
    contract.state(content)
    contract.drop_amendment()
    keep_version(tx, contract, tx.day, why, (authors, signers))
    if content.ends_on != previous.ends_on:
        contract.told_days_before = contract.notice_given_on = contract.notice_by_supplier = None
    if content == previous.ending(content.ends_on) != previous:
        _tell_renewed(tx, contract, previous.ends_on, tx.day, automatic=False)
    else:
        amended = ContractAmended(**said(contract), in_force_from=tx.day, why=why, signed_by=tuple(signers))
        record(tx, contract, amended)
    audit(tx, "amend", contract, contract.status, why, edition=contract.edition)
    return contract


def renew(tx: Transaction, contract: Contract, until: date, day: date) -> None:
    """Let a contract go on by itself, as it is, since nobody gave notice; → ContractRenewed."""
    previous = contract.says
    contract.state(previous.ending(until))
    contract.told_days_before = None
    keep_version(tx, contract, day, "It went on by itself: nobody gave notice", (contract.authors, ()))
    _tell_renewed(tx, contract, previous.ends_on, day, automatic=True)
    audit(tx, "renew", contract, contract.status, ends_on=until, edition=contract.edition)


def _tell_renewed(tx: Transaction, contract: Contract, previous: date, day: date, *, automatic: bool) -> None:
    event = ContractRenewed(
        **said(contract), in_force_from=day, previous_ends_on=previous, automatic=automatic
    )
    record(tx, contract, event)


async def _check_amendment(tx: Transaction, contract: Contract, content: ContractContent) -> None:
    await check(tx, content)
    check_amendment(contract.says, content)


def _authors_of(parties: Sequence[Supplier], signers: Sequence[str]) -> list[str]:
    """Return who made the parties what they are; raises ForbiddenError when one of them signs."""
    authors = sorted({author for one in parties for author in one.authors})
    for signer in signers:
        expect_another(signer, authors, NOT_THE_SUPPLIERS)
    return authors
