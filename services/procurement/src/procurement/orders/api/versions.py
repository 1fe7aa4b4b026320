"""Routes that read an order's versions, and what they say differently."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from procurement.orders import queries
from procurement.orders.api.reads import READ
from procurement.orders.rules.versions import Version, differences
from procurement.orders.views.versions import (
    OrderVersion,
    OrderVersionForSupplier,
    OrderVersionHeader,
    OrderVersionHeaderForSupplier,
    VersionDifferences,
    shown_to_suppliers,
)
from purveyor.auth import Principal, requires
from purveyor.http.pages import Paging
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page, PageRequest

router = APIRouter(
    prefix="/v1/purchase-orders/{order_id}/versions", tags=["purchase orders"], route_class=TransactionRoute
)
Reader = Annotated[Principal, requires(READ, suppliers_too=True)]
Number = Annotated[int, Path(ge=1, le=1_000_000, examples=[1])]
BY_NUMBER = "version"


@router.get("", summary="List an order's versions")
async def list_purchase_order_versions(
    order_id: UUID, tx: Tx, by: Reader, page: Paging
) -> Page[OrderVersionHeader] | Page[OrderVersionHeaderForSupplier]:
    """List what an order has said since it was issued, the first version first. A draft has none."""
    order, found = await queries.versions_for(tx, order_id, by)
    rows = _after(found, page)
    if by.is_supplier:
        return page.of(rows, BY_NUMBER, _place, lambda one: OrderVersionHeaderForSupplier.of(order, one))
    return page.of(rows, BY_NUMBER, _place, lambda one: OrderVersionHeader.of(order, one))


@router.get("/{number}", summary="Read a version of an order")
async def get_purchase_order_version(
    order_id: UUID, number: Number, tx: Tx, by: Reader
) -> OrderVersion | OrderVersionForSupplier:
    """Read what an order said from one issue to the next, whatever it says now."""
    order, version = await queries.version_for(tx, order_id, number, by)
    return (OrderVersionForSupplier if by.is_supplier else OrderVersion).of(order, version)


@router.get("/{number}/differences", summary="Compare two versions of an order")
async def get_purchase_order_version_differences(
    order_id: UUID,
    number: Number,
    tx: Tx,
    by: Reader,
    from_version: Annotated[
        int | None,
        Query(alias="from", ge=1, le=1_000_000, description="The version before it when left out"),
    ] = None,
) -> VersionDifferences:
    """Say in fields and in words what a version says otherwise than another one; a first one, nothing."""
    before = from_version or max(number - 1, 1)
    _, new = await queries.version_for(tx, order_id, number, by)
    _, old = await queries.version_for(tx, order_id, before, by)
    found = differences(old.content, new.content)
    return VersionDifferences.of(
        order_id, before, number, shown_to_suppliers(found) if by.is_supplier else found
    )


def _after(found: list[Version], page: PageRequest) -> list[Version]:
    last = page.after(BY_NUMBER, int)
    rest = [version for version in found if last is None or version.number > int(str(last[0]))]
    return rest[: page.limit + 1]


def _place(version: Version) -> tuple[int]:
    return (version.number,)
