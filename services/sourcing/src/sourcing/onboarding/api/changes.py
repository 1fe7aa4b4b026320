"""What suppliers propose to have changed in their record, over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from purveyor.auth import Principal, requires
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor_contract.roles import Role
from sourcing.onboarding import commands
from sourcing.onboarding.model import SupplierChange
from sourcing.onboarding.store import changes as store
from sourcing.onboarding.views.changes import (
    SupplierChangeForSupplier,
    SupplierChangeOut,
    shown,
    shown_to_supplier,
)
from sourcing.onboarding.views.stated import ChangeDraft, FieldDecisions

router = APIRouter(prefix="/v1/supplier-changes", tags=["onboarding"], route_class=TransactionRoute)

Supplier = Annotated[Principal, requires("sourcing:changes:write", Role.SUPPLIER)]
Reader = Annotated[Principal, requires("sourcing:suppliers:read", suppliers_too=True)]
Decider = Annotated[Principal, requires("sourcing:suppliers:write", Role.BUYER, Role.CATEGORY_MANAGER)]


@router.post("", status_code=201, responses={201: carries(ETAG, LOCATION)})
async def draft_supplier_change(
    tx: Tx, by: Supplier, draft: ChangeDraft, response: Response
) -> SupplierChangeForSupplier:
    """Begin to write what is to be otherwise in the supplier's own record; nobody else sees a draft."""
    change = await commands.draft(tx, _own(by), draft)
    await tx.flush()
    response.headers["Location"] = f"{router.prefix}/{change.id}"
    return _signed(response, change)


@router.get("")
async def list_supplier_changes(
    tx: Tx,
    by: Reader,
    asked: Annotated[Listed, listed(store.CHANGES, SupplierChangeOut, SupplierChangeForSupplier)],
) -> Page[SupplierChangeOut] | Page[SupplierChangeForSupplier]:
    """List what suppliers proposed, the latest first; a supplier sees its own, and its drafts."""
    found = await store.find_changes(tx, asked, by.supplier_id)
    if by.is_supplier:
        return asked.page(found, shown_to_supplier)
    return asked.page(found, shown)


@router.get("/{change_id}", responses={200: carries(ETAG)})
async def get_supplier_change(
    tx: Tx, by: Reader, change_id: UUID, response: Response
) -> SupplierChangeOut | SupplierChangeForSupplier:
    """Read what a supplier proposed: what its record said then, what it is to say, and what was decided."""
    change = await store.get_change(tx, change_id, by.supplier_id)
    set_etag(response, change)
    return shown_to_supplier(change) if by.is_supplier else shown(change)


@router.put("/{change_id}")
async def save_supplier_change(
    tx: Tx, by: Supplier, change_id: UUID, seen: IfMatch, draft: ChangeDraft, response: Response
) -> SupplierChangeForSupplier:
    """Save a draft, all of it."""
    change = await commands.redraft(tx, _own(by), change_id, seen, draft)
    await tx.flush()
    return _signed(response, change)


@router.post("/{change_id}:submit")
async def submit_supplier_change(
    tx: Tx, by: Supplier, change_id: UUID, seen: IfMatch, response: Response
) -> SupplierChangeForSupplier:
    """Propose what a draft states; the record stays as it is until that is taken."""
    change = await commands.submit(tx, _own(by), change_id, seen)
    await tx.flush()
    return _signed(response, change)


@router.post("/{change_id}:withdraw")
async def withdraw_supplier_change(
    tx: Tx, by: Supplier, change_id: UUID, seen: IfMatch, response: Response
) -> SupplierChangeForSupplier:
    """Give up a draft, or what of a proposal was not decided yet."""
    change = await commands.withdraw(tx, _own(by), change_id, seen)
    await tx.flush()
    return _signed(response, change)


@router.post("/{change_id}:decide")
async def decide_supplier_change(
    tx: Tx, by: Decider, change_id: UUID, seen: IfMatch, decisions: FieldDecisions, response: Response
) -> SupplierChangeOut:
    """Take or return each field that a supplier proposed; what is taken is its record from then on.

    Where that changes who an approved supplier is, another than who took it has to confirm it.
    """
    change = await commands.decide(tx, change_id, seen, [one.decided() for one in decisions.decisions])
    await tx.flush()
    set_etag(response, change)
    return shown(change)


def _own(by: Principal) -> UUID:
    if by.supplier_id is None:
        raise NotFoundError("supplier", by.subject)
    return by.supplier_id


def _signed(response: Response, change: SupplierChange) -> SupplierChangeForSupplier:
    set_etag(response, change)
    return shown_to_supplier(change)
