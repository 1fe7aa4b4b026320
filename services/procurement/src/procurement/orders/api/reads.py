"""Routes that find and read orders."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from procurement.orders import queries
from procurement.orders.views import Order, OrderForSupplier, OrderHeader, OrderHeaderForSupplier
from purveyor.auth import Principal, requires
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page

READ = "procurement:orders:read"

router = APIRouter(prefix="/v1/purchase-orders", tags=["purchase orders"], route_class=TransactionRoute)


@router.get("", summary="Find orders")
async def list_purchase_orders(
    tx: Tx,
    by: Annotated[Principal, requires(READ, suppliers_too=True)],
    asked: Annotated[Listed, listed(queries.ORDERS, OrderHeader, OrderHeaderForSupplier)],
) -> Page[OrderHeader] | Page[OrderHeaderForSupplier]:
    """Find orders, the newest first unless another order is asked for.

    Orders whose day nobody knows come before all others by `ordered_on`. A supplier finds its own, once they
    were issued.
    """
    found = await queries.find_orders(tx, asked, by)
    if by.is_supplier:
        return asked.page(found, OrderHeaderForSupplier.of)
    return asked.page(found, OrderHeader.of)


@router.get("/{order_id}", summary="Read an order", responses={200: carries(ETAG)})
async def get_purchase_order(
    order_id: UUID, response: Response, tx: Tx, by: Annotated[Principal, requires(READ, suppliers_too=True)]
) -> Order | OrderForSupplier:
    """Read an order with its lines."""
    order = await queries.order_for(tx, order_id, by)
    set_etag(response, order)
    return (OrderForSupplier if by.is_supplier else Order).with_lines(order, order.lines)
