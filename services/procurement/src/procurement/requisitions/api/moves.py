"""Routes of what can be done to a requisition as a whole."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.requisitions import commands
from procurement.requisitions.api.drafts import WRITE, Author, shown
from procurement.requisitions.rules.lines import LineAction
from procurement.requisitions.views import Requisition
from purveyor.auth import Principal, requires
from purveyor.http.headers import ETAG, carries
from purveyor.http.preconditions import IfMatch
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.texts import Line
from purveyor_contract.roles import Role

Approver = Annotated[Principal, requires(WRITE, Role.APPROVER)]
router = APIRouter(prefix="/v1/requisitions", tags=["requisitions"], route_class=TransactionRoute)


class RequisitionReason(BaseModel):
    """Why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "there are enough in stock"}]}
    )

    reason: Line


class RequisitionRemark(BaseModel):
    """What there is to say to it, if anything."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "as discussed on Monday"}]}
    )

    reason: Line | None = Field(default=None, description="Kept with the decision")


@router.post("/{requisition_id}:submit", summary="Submit a requisition", responses={200: carries(ETAG)})
async def submit_requisition(
    requisition_id: UUID, response: Response, tx: Tx, by: Author, seen: IfMatch
) -> Requisition:
    """Hand a draft, or one that was returned, in; what it names has to be there today."""
    return shown(response, await commands.submit_requisition(tx, requisition_id, seen))


@router.post("/{requisition_id}:withdraw", summary="Withdraw a requisition", responses={200: carries(ETAG)})
async def withdraw_requisition(
    requisition_id: UUID, body: RequisitionRemark, response: Response, tx: Tx, by: Author, seen: IfMatch
) -> Requisition:
    """Want none of it any more, as an author of it, before all of it is decided."""
    return shown(response, await commands.withdraw_requisition(tx, requisition_id, seen, body.reason))


@router.post("/{requisition_id}:return", summary="Return a requisition", responses={200: carries(ETAG)})
async def return_requisition(
    requisition_id: UUID, body: RequisitionReason, response: Response, tx: Tx, by: Approver, seen: IfMatch
) -> Requisition:
    """Give it back to its author, to be written anew; what was decided of it does not hold."""
    return shown(response, await commands.return_requisition(tx, requisition_id, seen, body.reason))


@router.post("/{requisition_id}:approve", summary="Approve a requisition", responses={200: carries(ETAG)})
async def approve_requisition(
    requisition_id: UUID, body: RequisitionRemark, response: Response, tx: Tx, by: Approver, seen: IfMatch
) -> Requisition:
    """Approve all lines that nobody decided of; nobody does who created, changed or submitted it."""
    found = await commands.decide_lines(tx, requisition_id, seen, LineAction.APPROVE, None, body.reason)
    return shown(response, found)


@router.post("/{requisition_id}:reject", summary="Reject a requisition", responses={200: carries(ETAG)})
async def reject_requisition(
    requisition_id: UUID, body: RequisitionReason, response: Response, tx: Tx, by: Approver, seen: IfMatch
) -> Requisition:
    """Reject all lines that nobody decided of."""
    found = await commands.decide_lines(tx, requisition_id, seen, LineAction.REJECT, None, body.reason)
    return shown(response, found)
