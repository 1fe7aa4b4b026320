"""Merging and withdrawing suppliers over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code, GivenNumber
from purveyor_contract.roles import Role
from sourcing.merging import commands, store
from sourcing.merging.commands import Merging
from sourcing.merging.views import MergeOut
from sourcing.suppliers.api import CategoryManager, Show
from sourcing.suppliers.rules.identifiers import Scheme
from sourcing.suppliers.views.shown import SupplierOut
from sourcing.suppliers.views.stated import Reason, WithReason

router = APIRouter(prefix="/v1", tags=["suppliers"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("sourcing:suppliers:read")]


class NumberTaken(BaseModel):
    """A number that goes over, as the supplier's answer shows it."""

    model_config = ConfigDict(extra="forbid")

    scheme: Scheme
    value: GivenNumber = Field(examples=["150483782"])


class MergeDecision(WithReason):
    """Into which supplier, and what goes over; all else stays to be read where it is."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "into": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
                    "identifiers": [{"scheme": "DUNS", "value": "150483782"}],
                    "categories": ["fasteners"],
                    "reason": "Entered twice: same register number",
                }
            ]
        },
    )

    into: UUID = Field(description="The supplier that goes on")
    identifiers: list[NumberTaken] = Field(
        default=[],
        max_length=50,
        description="Numbers that are the other's from now on: one that is approved for a category is not "
        "ordered from until somebody else has confirmed them",
    )
    categories: list[Code] = Field(
        default=[],
        max_length=200,
        description="What the other offers from now on, too: no approval goes over",
    )


class Clearing(BaseModel):
    """Why what spoke against the one does not speak against the other."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "The late deliveries were ours to blame"}]}
    )

    reason: Reason


@router.post("/suppliers/{supplier_id}:merge")
async def merge_supplier(
    tx: Tx, by: CategoryManager, supplier_id: UUID, seen: IfMatch, decision: MergeDecision, show: Show
) -> SupplierOut:
    """Let a supplier go on as another that is the same company; it is `merged` for good.

    Nobody may who registered, changed or submitted one of them. What kept from ordering from the one keeps
    from ordering from the other; approvals stay behind.
    """
    merging = Merging(
        into=decision.into,
        identifiers=[(one.scheme.value, one.value) for one in decision.identifiers],
        categories=decision.categories,
        reason=decision.reason,
        told=decision.reason_for_supplier,
    )
    return await show(tx, await commands.merge(tx, supplier_id, seen, merging))


@router.post("/suppliers/{supplier_id}:withdraw")
async def withdraw_supplier(
    tx: Tx, by: CategoryManager, supplier_id: UUID, seen: IfMatch, body: WithReason, show: Show
) -> SupplierOut:
    """Take back a supplier that was entered by mistake and never approved; its numbers are free.

    Nobody may who registered, changed or submitted it.
    """
    supplier = await commands.withdraw(tx, supplier_id, seen, body.reason, body.reason_for_supplier)
    return await show(tx, supplier)


@router.get("/supplier-merges")
async def list_supplier_merges(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.MERGES, MergeOut)]
) -> Page[MergeOut]:
    """List merges, the latest first; those with something to clear with `?status=waiting`."""
    return asked.page(await store.find_merges(tx, asked), MergeOut.of)


@router.get("/supplier-merges/{supplier_id}", responses={200: carries(ETAG)})
async def get_supplier_merge(tx: Tx, by: Reader, supplier_id: UUID, response: Response) -> MergeOut:
    """Read how a supplier was merged."""
    merge = await store.get_merge(tx, supplier_id)
    set_etag(response, merge)
    return MergeOut.of(merge)


@router.post("/supplier-merges/{supplier_id}:clear")
async def clear_supplier_merge(
    tx: Tx,
    by: Annotated[Principal, requires("sourcing:suppliers:write", Role.CATEGORY_MANAGER)],
    supplier_id: UUID,
    seen: IfMatch,
    clearing: Clearing,
    response: Response,
) -> MergeOut:
    """Decide that what spoke against a merged supplier does not speak against the one that goes on.

    Nobody may who merged them or wrote one of them.
    """
    merge = await commands.clear(tx, supplier_id, seen, clearing.reason)
    await tx.flush()
    set_etag(response, merge)
    return MergeOut.of(merge)
