"""Routes of blanket orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.blankets import commands, queries
from procurement.blankets.model import BlanketOrder as BlanketOrderRow
from procurement.blankets.queries import BLANKET_ORDERS
from procurement.blankets.rules import AgreedLine, Agreement
from procurement.blankets.views import LINE, STATED, SUPPLIER, BlanketOrder, BlanketOrderForSupplier
from procurement.fields import AmountAboveZero, Price, Quantity
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.decimals import AS_WRITTEN, SHORTEST
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode
from purveyor.pages import Page
from purveyor.texts import Code, Line
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1/blanket-orders", tags=["blanket orders"], route_class=TransactionRoute)
READ, WRITE = "procurement:orders:read", "procurement:orders:write"
Reader = Annotated[Principal, requires(READ, suppliers_too=True)]
Buyer = Annotated[Principal, requires(WRITE, Role.BUYER)]
Approver = Annotated[Principal, requires(WRITE, Role.APPROVER)]


class BlanketReason(BaseModel):
    """Why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "prices are being negotiated"}]}
    )

    reason: Line


class BlanketOrderLineIn(BaseModel):
    """A line as its author states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [LINE]})

    line_number: int = Field(ge=1, le=99_999)
    item: Code
    description: Line
    category: Code
    quantity: Quantity
    unit: Code = Field(description="UN/ECE Recommendation 20 code")
    price: Price
    price_base_quantity: Quantity = Decimal(1)


class AgreementIn(BaseModel):
    """What may be called off, as its author states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [STATED | {"lines": [LINE]}]})

    currency: CurrencyCode
    business_unit: Code
    valid_from: Day
    valid_to: Day
    tolerance: Annotated[
        Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4), SHORTEST, AS_WRITTEN
    ] = Field(default=Decimal(0), description="How many percent more than agreed may be called off")
    value: AmountAboveZero | None = Field(default=None, description="What may be called off in all")
    lines: list[BlanketOrderLineIn] = Field(min_length=1, max_length=1000)

    def agreement(self) -> Agreement:
        """Return what its author states."""
        lines = tuple(AgreedLine(**vars(line)) for line in self.lines)
        return Agreement(**{name: getattr(self, name) for name in Agreement.__slots__} | {"lines": lines})


class BlanketOrderIn(AgreementIn):
    """A blanket order as its author states it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [STATED | {"supplier_id": SUPPLIER, "lines": [LINE]}]}
    )

    supplier_id: UUID


@router.post("", status_code=201, summary="Draft a blanket order", responses={201: carries(ETAG, LOCATION)})
async def create_blanket_order(body: BlanketOrderIn, response: Response, tx: Tx, by: Buyer) -> BlanketOrder:
    """Draft what may be called off of a supplier from a day to a day; it binds nobody until approved."""
    blanket = await commands.create_blanket_order(tx, body.supplier_id, body.agreement())
    response.headers["Location"] = f"/v1/blanket-orders/{blanket.id}"
    return _shown(response, blanket)


@router.get("", summary="List blanket orders")
async def list_blanket_orders(
    tx: Tx,
    by: Reader,
    asked: Annotated[Listed, listed(BLANKET_ORDERS, BlanketOrder, BlanketOrderForSupplier)],
) -> Page[BlanketOrder] | Page[BlanketOrderForSupplier]:
    """List blanket orders, newest first unless another order is asked for, each with what remains of it."""
    found = await queries.find_blanket_orders(tx, asked, by)
    if by.is_supplier:
        return asked.page(found, BlanketOrderForSupplier.of)
    return asked.page(found, BlanketOrder.of)


@router.get("/{blanket_order_id}", summary="Read a blanket order", responses={200: carries(ETAG)})
async def get_blanket_order(
    blanket_order_id: UUID, response: Response, tx: Tx, by: Reader
) -> BlanketOrder | BlanketOrderForSupplier:
    """Read a blanket order, with what remains of it; a supplier reads its own once they were approved."""
    blanket = await queries.blanket_order(tx, blanket_order_id, by)
    if by.is_supplier:
        set_etag(response, blanket)
        return BlanketOrderForSupplier.of(blanket)
    return _shown(response, blanket)


@router.put("/{blanket_order_id}", summary="Change a blanket order", responses={200: carries(ETAG)})
async def change_blanket_order(
    blanket_order_id: UUID, body: AgreementIn, response: Response, tx: Tx, by: Buyer, seen: IfMatch
) -> BlanketOrder:
    """Replace what a draft says."""
    agreement = body.agreement()
    return _shown(response, await commands.change_blanket_order(tx, blanket_order_id, seen, agreement))


@router.post(
    "/{blanket_order_id}:submit",
    summary="Hand a blanket order in for approval",
    responses={200: carries(ETAG)},
)
async def submit_blanket_order(
    blanket_order_id: UUID, response: Response, tx: Tx, by: Buyer, seen: IfMatch
) -> BlanketOrder:
    """Hand a draft in for approval."""
    return _shown(response, await commands.submit_blanket_order(tx, blanket_order_id, seen))


@router.post("/{blanket_order_id}:approve", summary="Approve a blanket order", responses={200: carries(ETAG)})
async def approve_blanket_order(
    blanket_order_id: UUID, response: Response, tx: Tx, by: Approver, seen: IfMatch
) -> BlanketOrder:
    """Approve what may be called off; nobody may who wrote any of it, or made its supplier what it is."""
    return _shown(response, await commands.approve_blanket_order(tx, blanket_order_id, seen))


@router.post(
    "/{blanket_order_id}:return",
    summary="Return a blanket order to its author",
    responses={200: carries(ETAG)},
)
async def return_blanket_order(
    blanket_order_id: UUID, body: BlanketReason, response: Response, tx: Tx, by: Approver, seen: IfMatch
) -> BlanketOrder:
    """Make a submitted blanket order a draft again."""
    return _shown(response, await commands.return_blanket_order(tx, blanket_order_id, seen, body.reason))


@router.post("/{blanket_order_id}:hold", summary="Hold a blanket order", responses={200: carries(ETAG)})
async def hold_blanket_order(
    blanket_order_id: UUID, body: BlanketReason, response: Response, tx: Tx, by: Buyer, seen: IfMatch
) -> BlanketOrder:
    """Let nothing be called off, and no call-off be issued, until it is released."""
    return _shown(response, await commands.hold_blanket_order(tx, blanket_order_id, seen, body.reason))


@router.post("/{blanket_order_id}:release", summary="Release a blanket order", responses={200: carries(ETAG)})
async def release_blanket_order(
    blanket_order_id: UUID, body: BlanketReason, response: Response, tx: Tx, by: Buyer, seen: IfMatch
) -> BlanketOrder:
    """Let it be called off again."""
    return _shown(response, await commands.release_blanket_order(tx, blanket_order_id, seen, body.reason))


@router.post("/{blanket_order_id}:close", summary="Close a blanket order", responses={200: carries(ETAG)})
async def close_blanket_order(
    blanket_order_id: UUID, body: BlanketReason, response: Response, tx: Tx, by: Buyer, seen: IfMatch
) -> BlanketOrder:
    """Let nothing more be called off; what was stays ordered."""
    return _shown(response, await commands.close_blanket_order(tx, blanket_order_id, seen, body.reason))


def _shown(response: Response, blanket: BlanketOrderRow) -> BlanketOrder:
    set_etag(response, blanket)
    return BlanketOrder.of(blanket)
