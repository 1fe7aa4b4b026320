"""Groups of companies over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from purveyor.auth import Principal, requires
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor_contract.roles import Role
from sourcing.groups import commands, queries
from sourcing.groups.commands import Parent
from sourcing.groups.views import ParentStated, SupplierGroup

router = APIRouter(prefix="/v1/suppliers", tags=["suppliers"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("sourcing:suppliers:read")]
Writer = Annotated[Principal, requires("sourcing:suppliers:write", Role.BUYER, Role.CATEGORY_MANAGER)]


@router.put("/{supplier_id}/parent")
async def state_supplier_parent(
    supplier_id: UUID, body: ParentStated, response: Response, tx: Tx, by: Writer, seen: IfMatch
) -> SupplierGroup:
    """Say to which company a supplier belongs.

    That is a part of who it is: one that was approved is not ordered from until somebody else has confirmed
    it (`:confirm`) or made it what it was (`:revert`).
    """
    parent = None if body.parent_id is None else Parent(body.parent_id, body.share, body.source)
    set_etag(response, await commands.state_parent(tx, supplier_id, seen, parent))
    return SupplierGroup.of(await queries.group_of(tx, supplier_id))


@router.get("/{supplier_id}/group")
async def get_supplier_group(supplier_id: UUID, tx: Tx, by: Reader) -> SupplierGroup:
    """Read the group that a supplier is of, from its head down."""
    return SupplierGroup.of(await queries.group_of(tx, supplier_id))
