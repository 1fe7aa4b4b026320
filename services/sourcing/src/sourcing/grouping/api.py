"""Owners and tags of suppliers over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from purveyor.auth import Principal, requires
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor_contract.roles import Role
from sourcing.grouping import commands
from sourcing.grouping.views import (
    MOST_REASSIGNED,
    OwnerStated,
    Reassigned,
    Reassignment,
    SupplierGrouping,
    TagsChanged,
)

router = APIRouter(prefix="/v1", tags=["suppliers"], route_class=TransactionRoute)
Grouper = Annotated[Principal, requires("sourcing:suppliers:write", Role.BUYER, Role.CATEGORY_MANAGER)]
CategoryManager = Annotated[Principal, requires("sourcing:suppliers:write", Role.CATEGORY_MANAGER)]


@router.put("/suppliers/{supplier_id}/owner")
async def assign_supplier(tx: Tx, by: Grouper, supplier_id: UUID, body: OwnerStated) -> SupplierGrouping:
    """Say who answers for a supplier.

    That is no change of the supplier: its version and its approvals stay, and what is said last holds.
    """
    tags = await commands.assign(tx, supplier_id, body.owner)
    return SupplierGrouping(supplier_id=supplier_id, owner=body.owner, tags=list(tags))


@router.post("/suppliers/{supplier_id}/tags")
async def tag_supplier(tx: Tx, by: Grouper, supplier_id: UUID, body: TagsChanged) -> SupplierGrouping:
    """Give a supplier tags and take others from it: what colleagues do meanwhile with other tags stays.

    That is no change of the supplier: its version and its approvals stay.
    """
    owner, tags = await commands.tag(tx, supplier_id, body.add, body.remove)
    return SupplierGrouping(supplier_id=supplier_id, owner=owner, tags=list(tags))


@router.post("/suppliers:reassign")
async def reassign_suppliers(tx: Tx, by: CategoryManager, body: Reassignment) -> Reassigned:
    """Let another answer for the suppliers of somebody who leaves, a thousand at once."""
    moved, more = await commands.reassign(
        tx, body.from_owner, body.to_owner, body.supplier_ids, MOST_REASSIGNED
    )
    return Reassigned(reassigned=moved, more=more)
