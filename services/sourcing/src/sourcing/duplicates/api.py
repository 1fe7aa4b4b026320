"""Suppliers that may be one, over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from purveyor.auth import Principal, requires
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor_contract.roles import Role
from sourcing.duplicates import commands, store
from sourcing.duplicates.views import SupplierPairOut
from sourcing.suppliers.store.rows import suppliers_in_brief
from sourcing.suppliers.views.stated import Reason

router = APIRouter(prefix="/v1/possible-duplicates", tags=["suppliers"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("sourcing:suppliers:read")]


class Dismissal(BaseModel):
    """Why two suppliers that are called alike are two."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Two sisters, each with her own works"}]}
    )

    reason: Reason


@router.get("")
async def list_possible_duplicates(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.PAIRS, SupplierPairOut)]
) -> Page[SupplierPairOut]:
    """List suppliers whose names resemble each other, the likeliest first; to settle with `?status=open`."""
    found = await store.find_pairs(tx, asked)
    both = {one for row in found.rows for one in (row.one_id, row.other_id)}
    suppliers = await suppliers_in_brief(tx, both)
    return asked.page(found, lambda row: SupplierPairOut.of(row, suppliers))


@router.get("/{pair_id}", responses={200: carries(ETAG)})
async def get_possible_duplicate(tx: Tx, by: Reader, pair_id: UUID, response: Response) -> SupplierPairOut:
    """Read which two suppliers may be one, and why."""
    pair = await store.get_pair(tx, pair_id)
    set_etag(response, pair)
    return SupplierPairOut.of(pair, await suppliers_in_brief(tx, {pair.one_id, pair.other_id}))


@router.post("/{pair_id}:dismiss")
async def dismiss_possible_duplicate(
    tx: Tx,
    by: Annotated[Principal, requires("sourcing:suppliers:write", Role.CATEGORY_MANAGER)],
    pair_id: UUID,
    seen: IfMatch,
    dismissal: Dismissal,
    response: Response,
) -> SupplierPairOut:
    """Keep that two suppliers are two, until one is called otherwise; who wrote one of them may not.

    Of two that are one, merge one: `POST /v1/suppliers/{supplier_id}:merge`.
    """
    pair = await commands.dismiss(tx, pair_id, seen, dismissal.reason)
    await tx.flush()
    set_etag(response, pair)
    return SupplierPairOut.of(pair, await suppliers_in_brief(tx, {pair.one_id, pair.other_id}))
