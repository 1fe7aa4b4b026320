"""Saved searches over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response

from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor_contract.roles import Role
from sourcing.searches import commands, store
from sourcing.searches.model import SupplierSearch
from sourcing.searches.views import SupplierSearchOut, SupplierSearchStated, asked_by

TIDY = frozenset({Role.CATEGORY_MANAGER, Role.ADMIN})
router = APIRouter(prefix="/v1/supplier-searches", tags=["suppliers"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("sourcing:suppliers:read")]


@router.get("")
async def list_supplier_searches(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.SEARCHES, SupplierSearchOut)]
) -> Page[SupplierSearchOut]:
    """List the searches that you have saved, and those that others share."""
    return asked.page(await store.find_searches(tx, asked, by.subject), SupplierSearchOut.of)


@router.post("", status_code=201, responses={201: carries(ETAG, LOCATION)})
async def save_supplier_search(
    tx: Tx, by: Reader, body: SupplierSearchStated, response: Response
) -> SupplierSearchOut:
    """Save a search, for yourself or for all of our people: what the list of suppliers takes, and no more."""
    search = await commands.save(tx, body.stated())
    response.headers["Location"] = f"{router.prefix}/{search.id}"
    return _shown(response, search)


@router.get("/{search_id}", responses={200: carries(ETAG)})
async def get_supplier_search(tx: Tx, by: Reader, search_id: UUID, response: Response) -> SupplierSearchOut:
    """Read a saved search."""
    return _shown(response, await store.get_search(tx, search_id, by.subject))


@router.put("/{search_id}")
async def change_supplier_search(
    tx: Tx, by: Reader, search_id: UUID, seen: IfMatch, body: SupplierSearchStated, response: Response
) -> SupplierSearchOut:
    """Call a search of yours otherwise, share it or no more, or ask otherwise: all of it is stated anew."""
    search = await commands.restate(tx, search_id, seen, body.stated())
    await tx.flush()
    return _shown(response, search)


@router.post("/{search_id}:delete")
async def delete_supplier_search(
    tx: Tx, by: Reader, search_id: UUID, seen: IfMatch, response: Response
) -> SupplierSearchOut:
    """Delete a search of yours; one that is shared, a category manager or an admin may delete too."""
    search = await commands.delete(tx, search_id, seen, tidies=not TIDY.isdisjoint(by.roles))
    return _shown(response, search)


async def saved_search(tx: Transaction, search_id: UUID, person: str) -> tuple[Mapping[str, Any], str | None]:
    """Return what a search asks the list of suppliers, for somebody who sees it; raises NotFoundError."""
    return asked_by(await store.get_search(tx, search_id, person))


def _shown(response: Response, search: SupplierSearch) -> SupplierSearchOut:
    set_etag(response, search)
    return SupplierSearchOut.of(search)
