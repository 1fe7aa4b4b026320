"""Disputes over HTTP: suppliers say what is no fault of theirs, people decide."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Why
from purveyor_contract.roles import Role
from supplier_performance.contested import store
from supplier_performance.contested.model import Dispute, Status
from supplier_performance.deliveries.queries import visible_supplier
from supplier_performance.disputes import commands
from supplier_performance.disputes.views import DisputeShown, DisputeShownForSupplier

router = APIRouter(prefix="/v1", tags=["scores"], route_class=TransactionRoute)
WRITE = "performance:scores:write"
Reader = Annotated[Principal, requires("performance:scores:read", suppliers_too=True)]
Decider = Annotated[Principal, requires(WRITE, Role.CATEGORY_MANAGER, Role.QUALITY)]
DisputeId = Annotated[UUID, Path(description="The dispute's")]


class LineDisputed(BaseModel):
    """Which line is disputed, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "order_id": "0199c0de-0000-7000-8000-000000000001",
                    "line_number": 1,
                    "reason": "Your site refused the delivery on the promised day",
                }
            ]
        },
    )

    order_id: UUID
    line_number: int = Field(ge=1, le=2**31 - 1)
    reason: Why


class Decision(BaseModel):
    """Why a dispute is decided so."""

    model_config = ConfigDict(extra="forbid")

    answer: Why = Field(description="The supplier is told it", examples=["The gate was closed that day"])


@router.post(
    "/suppliers/{supplier_id}/disputes",
    status_code=201,
    summary="Dispute a line",
    responses={201: carries(ETAG, LOCATION)},
)
async def dispute_line(
    supplier_id: UUID,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.SUPPLIER)],
    body: LineDisputed,
    response: Response,
) -> DisputeShownForSupplier:
    """Say that an order line is no fault of the supplier's; it counts until a person has decided."""
    await visible_supplier(tx, by, supplier_id)
    found = await commands.dispute(tx, supplier_id, body.order_id, body.line_number, body.reason)
    response.headers["Location"] = f"{router.prefix}/disputes/{found.id}"
    set_etag(response, found)
    return DisputeShownForSupplier.of(found)


@router.get("/disputes", summary="The disputes")
async def list_disputes(
    tx: Tx,
    by: Reader,
    asked: Annotated[Listed, listed(store.DISPUTES, DisputeShown, DisputeShownForSupplier)],
) -> Page[DisputeShown] | Page[DisputeShownForSupplier]:
    """List what suppliers dispute, the newest first unless another order is asked for."""
    found = await store.disputes(tx, asked, by.supplier_id)
    if by.is_supplier:
        return asked.page(found, DisputeShownForSupplier.of)
    return asked.page(found, DisputeShown.of)


@router.get("/disputes/{dispute_id}", summary="A dispute", responses={200: carries(ETAG)})
async def get_dispute(
    dispute_id: DisputeId, tx: Tx, by: Reader, response: Response
) -> DisputeShown | DisputeShownForSupplier:
    """Return a dispute."""
    found = await store.dispute(tx, dispute_id)
    if not by.may_see_supplier(found.supplier_id):
        raise NotFoundError("dispute", dispute_id)
    set_etag(response, found)
    return (DisputeShownForSupplier if by.is_supplier else DisputeShown).of(found)


@router.post("/disputes/{dispute_id}:uphold", summary="Uphold a dispute")
async def uphold_dispute(
    dispute_id: DisputeId, tx: Tx, by: Decider, seen: IfMatch, body: Decision, response: Response
) -> DisputeShown:
    """Let the line count for nothing: figures of any day leave it out, and show it with why."""
    return _shown(await commands.decide(tx, dispute_id, seen, Status.UPHELD, body.answer), response)


@router.post("/disputes/{dispute_id}:reject", summary="Reject a dispute")
async def reject_dispute(
    dispute_id: DisputeId, tx: Tx, by: Decider, seen: IfMatch, body: Decision, response: Response
) -> DisputeShown:
    """Let the line count as it does."""
    return _shown(await commands.decide(tx, dispute_id, seen, Status.REJECTED, body.answer), response)


def _shown(dispute: Dispute, response: Response) -> DisputeShown:
    set_etag(response, dispute)
    return DisputeShown.of(dispute)
