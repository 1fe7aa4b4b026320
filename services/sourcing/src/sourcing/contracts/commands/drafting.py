"""A contract before it is signed: drafted, changed, handed in, given back, discarded."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction, new_id
from purveyor.duties import expect_another
from purveyor.errors import InvalidError
from purveyor.versions import Seen
from sourcing.contracts import queries, store
from sourcing.contracts.commands.parts import CONTRACT, audit, check, in_order, lock, lock_with_parties
from sourcing.contracts.model import Contract
from sourcing.contracts.rules.content import ContractContent
from sourcing.contracts.rules.states import SIGNED_BY_OTHERS, ContractMove, ContractStatus
from sourcing.suppliers.store.rows import lock_suppliers


async def draft(tx: Transaction, supplier_id: UUID, content: ContractContent) -> Contract:
    """Draft a contract with a supplier; it binds nobody until two others have signed it."""
    await check(tx, content)
    parties = [supplier_id, *content.affiliates]
    in_order(parties, await lock_suppliers(tx, parties))
    contract = Contract(
        id=new_id(),
        version=1,
        sequence=0,
        supplier_id=supplier_id,
        status=ContractStatus.DRAFT.value,
        edition=0,
        supplier_authors=[],
        signers=[],
        amendment_authors=[],
        amendment_signers=[],
        created_by=tx.actor,
        created_at=tx.now,
    )
    contract.state(content)
    contract.note_author(tx.actor)
    store.add_contract(tx, contract)
    await tx.flush()
    audit(tx, "draft", contract, None, supplier_id=supplier_id, content=contract.content)
    return contract


async def change(tx: Transaction, contract_id: UUID, seen: Seen, content: ContractContent) -> Contract:
    """State a draft anew, all of it; its supplier stays."""
    await check(tx, content)
    parties = [(await store.get_contract(tx, contract_id, None)).supplier_id, *content.affiliates]
    in_order(parties, await lock_suppliers(tx, parties))
    contract = await lock(tx, contract_id, seen)
    contract.move(ContractMove.CHANGE)
    before = contract.content
    contract.state(content)
    contract.note_author(tx.actor)
    after = {"content": contract.content}
    tx.audit("change", CONTRACT, contract.id, before={"content": before}, after=after)
    return contract


async def submit(tx: Transaction, contract_id: UUID, seen: Seen) -> Contract:
    """Hand a draft in to be signed: its parties can be bought from, and nothing else prices the same."""
    contract, parties = await lock_with_parties(tx, contract_id, seen)
    contract.expect_possible(ContractMove.SUBMIT)
    content = contract.says
    await check(tx, content)
    await queries.expect_signable(tx, contract, parties, content)
    before = contract.status
    contract.move(ContractMove.SUBMIT)
    contract.note_author(tx.actor)
    contract.returned_reason = None
    audit(tx, "submit", contract, before)
    return contract


async def give_back(tx: Transaction, contract_id: UUID, seen: Seen, reason: str) -> Contract:
    """Sign neither a contract nor an amendment, and say why; done by who wrote none of it."""
    contract = await lock(tx, contract_id, seen)
    contract.expect_possible(ContractMove.RETURN)
    before = contract.status
    if contract.stands is ContractStatus.IN_APPROVAL:
        expect_another(tx.actor, contract.authors, SIGNED_BY_OTHERS)
        contract.signers = []
    else:
        expect_amendment(contract)
        expect_another(tx.actor, contract.amendment_authors, SIGNED_BY_OTHERS)
        contract.drop_amendment()
    contract.move(ContractMove.RETURN)
    contract.returned_reason = reason
    audit(tx, "return", contract, before, reason)
    return contract


async def discard(tx: Transaction, contract_id: UUID, seen: Seen, reason: str) -> Contract:
    """Let a contract that nobody has signed wholly come to nothing."""
    contract = await lock(tx, contract_id, seen)
    before = contract.status
    contract.move(ContractMove.DISCARD)
    contract.returned_reason = reason
    audit(tx, "discard", contract, before, reason)
    return contract


def expect_amendment(contract: Contract) -> ContractContent:
    """Return the amendment that waits; raises InvalidError when none does."""
    proposed = contract.proposed
    if proposed is None:
        detail = f"Nobody has proposed an amendment of contract {contract.number}."
        raise InvalidError("nothing_to_approve", detail)
    return proposed
