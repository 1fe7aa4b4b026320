"""Routes of single lines: each is decided, closed and sourced alone."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import ConfigDict, Field

from procurement.requisitions import commands
from procurement.requisitions.api.drafts import WRITE, Author, shown
from procurement.requisitions.api.moves import Approver, RequisitionReason, RequisitionRemark
from procurement.requisitions.rules.lines import LineAction
from procurement.requisitions.views import Requisition
from purveyor.auth import Principal, requires
from purveyor.http.headers import ETAG, carries
from purveyor.http.preconditions import IfMatch
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor_contract.roles import Role

Number = Annotated[int, Path(ge=1, le=99_999, description="The number of the line")]
Buyer = Annotated[Principal, requires(WRITE, Role.BUYER, Role.CATEGORY_MANAGER)]
router = APIRouter(
    prefix="/v1/requisitions/{requisition_id}/lines", tags=["requisitions"], route_class=TransactionRoute
)


class SourcedOf(RequisitionReason):
    """Of whom a line is to be ordered, and how that was found out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reason": "the best of three quotes",
                    "supplier_id": "0199c0de-0000-7000-8000-000000000001",
                }
            ]
        }
    )

    supplier_id: UUID = Field(description="The supplier that was found")


@router.post("/{line_number}:approve", summary="Approve a line", responses={200: carries(ETAG)})
async def approve_requisition_line(
    requisition_id: UUID,
    line_number: Number,
    body: RequisitionRemark,
    response: Response,
    tx: Tx,
    by: Approver,
    seen: IfMatch,
) -> Requisition:
    """Approve a line, whatever becomes of the others; nobody does who wrote any of its requisition."""
    found = await commands.decide_lines(
        tx, requisition_id, seen, LineAction.APPROVE, [line_number], body.reason
    )
    return shown(response, found)


@router.post("/{line_number}:reject", summary="Reject a line", responses={200: carries(ETAG)})
async def reject_requisition_line(
    requisition_id: UUID,
    line_number: Number,
    body: RequisitionReason,
    response: Response,
    tx: Tx,
    by: Approver,
    seen: IfMatch,
) -> Requisition:
    """Reject a line, whatever becomes of the others."""
    found = await commands.decide_lines(
        tx, requisition_id, seen, LineAction.REJECT, [line_number], body.reason
    )
    return shown(response, found)


@router.post("/{line_number}:cancel", summary="Cancel a requested line", responses={200: carries(ETAG)})
async def cancel_requisition_line(
    requisition_id: UUID,
    line_number: Number,
    body: RequisitionReason,
    response: Response,
    tx: Tx,
    by: Author,
    seen: IfMatch,
) -> Requisition:
    """Want nothing of a line any more, of which nothing is ordered: an author of it, or a buyer."""
    found = await commands.close_line(
        tx, requisition_id, line_number, seen, LineAction.CANCEL, by, body.reason
    )
    return shown(response, found)


@router.post(
    "/{line_number}:close-short", summary="Close a requested line short", responses={200: carries(ETAG)}
)
async def close_requisition_line_short(
    requisition_id: UUID,
    line_number: Number,
    body: RequisitionReason,
    response: Response,
    tx: Tx,
    by: Author,
    seen: IfMatch,
) -> Requisition:
    """Want no more of a line than is ordered of it: an author of it, or a buyer."""
    found = await commands.close_line(
        tx, requisition_id, line_number, seen, LineAction.CLOSE_SHORT, by, body.reason
    )
    return shown(response, found)


@router.post(
    "/{line_number}:end-sourcing", summary="End the sourcing of a line", responses={200: carries(ETAG)}
)
async def end_sourcing_of_requisition_line(
    requisition_id: UUID,
    line_number: Number,
    body: SourcedOf,
    response: Response,
    tx: Tx,
    by: Buyer,
    seen: IfMatch,
) -> Requisition:
    """Let a line that was marked for sourcing be ordered: its supplier was found, and the reason says how."""
    found = await commands.end_sourcing(tx, requisition_id, line_number, seen, body.supplier_id, body.reason)
    return shown(response, found)
