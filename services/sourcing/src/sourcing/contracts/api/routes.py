"""Routes of contracts: drafted, signed, amended, renewed, suspended, ended, read."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor_contract.roles import Role
from sourcing.contracts import store
from sourcing.contracts.api.forms import (
    ContractAmendment,
    ContractChange,
    ContractDraft,
    ContractNotice,
    ContractReason,
    ContractRenewalProposed,
    ContractStop,
)
from sourcing.contracts.commands import drafting, running, signing
from sourcing.contracts.model import Contract
from sourcing.contracts.views import (
    ContractForSupplier,
    ContractHeader,
    ContractHeaderForSupplier,
    ContractOut,
)

router = APIRouter(prefix="/v1/contracts", tags=["contracts"], route_class=TransactionRoute)
WRITE = "sourcing:contracts:write"
Reader = Annotated[Principal, requires("sourcing:contracts:read", suppliers_too=True)]
Author = Annotated[Principal, requires(WRITE, Role.BUYER, Role.CATEGORY_MANAGER)]
Manager = Annotated[Principal, requires(WRITE, Role.CATEGORY_MANAGER)]
Signer = Annotated[Principal, requires("sourcing:contracts:sign", Role.APPROVER, Role.CATEGORY_MANAGER)]


class Showing:
    """Shows a contract as it stands after what was done, with its ETag."""

    def __init__(self, response: Response) -> None:
        self.response = response

    async def __call__(self, tx: Transaction, contract: Contract) -> ContractOut:
        """Return what one of ours is shown of a contract."""
        await tx.flush()
        set_etag(self.response, contract)
        return ContractOut.shown(contract, await store.versions_of(tx, contract.id))


Show = Annotated[Showing, Depends()]


@router.get("")
async def list_contracts(
    tx: Tx,
    by: Reader,
    asked: Annotated[Listed, listed(store.CONTRACTS, ContractHeader, ContractHeaderForSupplier)],
) -> Page[ContractHeader] | Page[ContractHeaderForSupplier]:
    """List contracts, the latest first; a supplier sees its own once they were signed."""
    found = await store.find_contracts(tx, asked, by.supplier_id)
    if by.is_supplier:
        return asked.page(found, ContractHeaderForSupplier.of)
    return asked.page(found, ContractHeader.of)


@router.post("", status_code=201, responses={201: carries(ETAG, LOCATION)})
async def draft_contract(
    tx: Tx, by: Author, body: ContractDraft, response: Response, show: Show
) -> ContractOut:
    """Draft a contract with a supplier; it binds nobody until two others have signed it."""
    contract = await drafting.draft(tx, body.supplier_id, body.content)
    response.headers["Location"] = f"{router.prefix}/{contract.id}"
    return await show(tx, contract)


@router.get("/{contract_id}", responses={200: carries(ETAG)})
async def get_contract(
    tx: Tx, by: Reader, contract_id: UUID, response: Response, show: Show
) -> ContractOut | ContractForSupplier:
    """Read a contract; a supplier reads one that it is a party to, once it was signed."""
    contract = await store.get_contract(tx, contract_id, by.supplier_id)
    if not by.is_supplier:
        return await show(tx, contract)
    set_etag(response, contract)
    return ContractForSupplier.shown(contract, await store.versions_of(tx, contract.id))


@router.put("/{contract_id}")
async def change_contract(
    tx: Tx, by: Author, contract_id: UUID, seen: IfMatch, body: ContractChange, show: Show
) -> ContractOut:
    """State a draft anew, all of it."""
    return await show(tx, await drafting.change(tx, contract_id, seen, body.content))


@router.post("/{contract_id}:submit")
async def submit_contract(tx: Tx, by: Author, contract_id: UUID, seen: IfMatch, show: Show) -> ContractOut:
    """Hand a draft in to be signed: its parties may be bought from, and no other contract prices the same."""
    return await show(tx, await drafting.submit(tx, contract_id, seen))


@router.post("/{contract_id}:sign")
async def sign_contract(tx: Tx, by: Signer, contract_id: UUID, seen: IfMatch, show: Show) -> ContractOut:
    """Sign what others wrote: a contract, or the amendment that was proposed; it takes two."""
    return await show(tx, await signing.sign(tx, contract_id, seen))


@router.post("/{contract_id}:return")
async def return_contract(
    tx: Tx, by: Signer, contract_id: UUID, seen: IfMatch, body: ContractReason, show: Show
) -> ContractOut:
    """Sign neither what was handed in nor the amendment that was proposed, and say why."""
    return await show(tx, await drafting.give_back(tx, contract_id, seen, body.reason))


@router.post("/{contract_id}:discard")
async def discard_contract(
    tx: Tx, by: Author, contract_id: UUID, seen: IfMatch, body: ContractReason, show: Show
) -> ContractOut:
    """Let a contract come to nothing that is not signed."""
    return await show(tx, await drafting.discard(tx, contract_id, seen, body.reason))


@router.post("/{contract_id}:amend")
async def amend_contract(
    tx: Tx, by: Author, contract_id: UUID, seen: IfMatch, body: ContractAmendment, show: Show
) -> ContractOut:
    """Propose what a running contract is to say next; it does from the day on which two others signed it."""
    return await show(tx, await signing.propose(tx, contract_id, seen, body.content, body.why))


@router.post("/{contract_id}:renew")
async def renew_contract(
    tx: Tx, by: Author, contract_id: UUID, seen: IfMatch, body: ContractRenewalProposed, show: Show
) -> ContractOut:
    """Propose that a running contract goes on for longer as it is; two others sign that."""
    return await show(tx, await signing.propose_renewal(tx, contract_id, seen, body.ends_on, body.why))


@router.post("/{contract_id}:give-notice")
async def give_contract_notice(
    tx: Tx, by: Manager, contract_id: UUID, seen: IfMatch, body: ContractNotice, show: Show
) -> ContractOut:
    """Let a contract end at its end that would go on by itself, until the last day for notice."""
    contract = await running.give_notice(tx, contract_id, seen, body.reason, by_supplier=body.by_supplier)
    return await show(tx, contract)


@router.post("/{contract_id}:suspend")
async def suspend_contract(
    tx: Tx, by: Manager, contract_id: UUID, seen: IfMatch, body: ContractStop, show: Show
) -> ContractOut:
    """Let nothing be bought by a contract until it is resumed; an amendment that waits is dropped."""
    contract = await running.suspend(tx, contract_id, seen, body.reason, body.reason_for_supplier)
    return await show(tx, contract)


@router.post("/{contract_id}:resume")
async def resume_contract(
    tx: Tx, by: Manager, contract_id: UUID, seen: IfMatch, body: ContractReason, show: Show
) -> ContractOut:
    """Let a suspended contract be bought by again."""
    return await show(tx, await running.resume(tx, contract_id, seen, body.reason))


@router.post("/{contract_id}:terminate")
async def terminate_contract(
    tx: Tx, by: Manager, contract_id: UUID, seen: IfMatch, body: ContractStop, show: Show
) -> ContractOut:
    """End a contract before its end: nothing is bought by it from today on."""
    contract = await running.terminate(tx, contract_id, seen, body.reason, body.reason_for_supplier)
    return await show(tx, contract)
