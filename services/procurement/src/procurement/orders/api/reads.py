"""Routes that find and read orders."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import WithJsonSchema

from procurement.orders import queries
from procurement.orders.model import PurchaseOrder
from procurement.orders.queries import NEWEST_FIRST, OrderFilter
from procurement.orders.rules.states import Status
from procurement.orders.views import Order, OrderForSupplier, OrderHeader, OrderHeaderForSupplier
from purveyor.auth import Principal, refuse_to_suppliers, requires
from purveyor.days import Day
from purveyor.http.headers import ETAG, carries
from purveyor.http.pages import Paging
from purveyor.http.preconditions import set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code, Reference, TextKind

READ = "procurement:orders:read"

router = APIRouter(prefix="/v1/purchase-orders", tags=["purchase orders"], route_class=TransactionRoute)
NUMBER = r"^PO-[0-9]{6,18}$"
OrderNumber = Annotated[
    str,
    TextKind(21, form="NFKC"),
    # Said twice: what is checked behind a TextKind, pydantic leaves out of the schema.
    Query(pattern=NUMBER),
    WithJsonSchema({"type": "string", "pattern": NUMBER, "examples": ["PO-000042"]}),
]


@router.get("", summary="Find orders")
async def list_purchase_orders(
    tx: Tx,
    by: Annotated[Principal, requires(READ, suppliers_too=True)],
    page: Paging,
    number: OrderNumber | None = None,
    status: Status | None = None,
    supplier_id: UUID | None = None,
    site: Code | None = None,
    business_unit: Code | None = None,
    ordered_from: Annotated[Day | None, Query(description="Ordered on this day or later")] = None,
    ordered_to: Annotated[Day | None, Query(description="Ordered on this day or earlier")] = None,
    flagged: Annotated[
        bool | None, Query(description="Whether something speaks against the supplier")
    ] = None,
    external_reference: Reference | None = None,
) -> Page[OrderHeader] | Page[OrderHeaderForSupplier]:
    """Find orders, newest first. A supplier finds its own, once they were issued."""
    refuse_to_suppliers(by, flagged=flagged)
    wanted = OrderFilter(
        serial_number=int(number.removeprefix("PO-")) if number else None,
        status=status,
        supplier_id=supplier_id,
        site=site,
        business_unit=business_unit,
        ordered_from=ordered_from,
        ordered_to=ordered_to,
        flagged=flagged,
        external_reference=external_reference,
    )
    found = await queries.find_orders(tx, wanted, page, by)
    if by.is_supplier:
        return page.of(found, NEWEST_FIRST.name, _place, OrderHeaderForSupplier.of)
    return page.of(found, NEWEST_FIRST.name, _place, OrderHeader.of)


@router.get("/{order_id}", summary="Read an order", responses={200: carries(ETAG)})
async def get_purchase_order(
    order_id: UUID, response: Response, tx: Tx, by: Annotated[Principal, requires(READ, suppliers_too=True)]
) -> Order | OrderForSupplier:
    """Read an order with its lines."""
    order = await queries.order_for(tx, order_id, by)
    set_etag(response, order)
    return (OrderForSupplier if by.is_supplier else Order).with_lines(order, order.lines)


def _place(order: PurchaseOrder) -> tuple[UUID]:
    return (order.id,)
