"""Routes of transfers between budgets."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.budgets import queries
from procurement.budgets.api.budgets import MOST_PERIODS, Approver, BudgetReason, Planner, Reader
from procurement.budgets.commands import transfers as commands
from procurement.budgets.model import BudgetTransfer as TransferRow
from procurement.budgets.queries import TRANSFERS
from procurement.budgets.views.budgets import ID
from procurement.budgets.views.ledger import BudgetTransfer
from procurement.fields import AmountAboveZero
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Line

router = APIRouter(prefix="/v1/budget-transfers", tags=["budgets"], route_class=TransactionRoute)
PLACE: dict[str, Any] = {"budget_id": ID, "period": 1}
ASKED: dict[str, Any] = {
    "from": PLACE,
    "to": PLACE | {"period": 2},
    "amount": "1000.00",
    "reason": "Tools are bought by the workshop",
}


class TransferPlace(BaseModel):
    """A period of a budget."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PLACE]})

    budget_id: UUID
    period: int = Field(default=1, ge=1, le=MOST_PERIODS)

    def place(self) -> commands.Place:
        """Return it as commands take it."""
        return commands.Place(self.budget_id, self.period)


class TransferIn(BaseModel):
    """What is to go from where to where, and why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ASKED]})

    source: TransferPlace = Field(alias="from")
    target: TransferPlace = Field(alias="to")
    amount: AmountAboveZero
    reason: Line


@router.post("", status_code=201, summary="Ask for a transfer", responses={201: carries(ETAG, LOCATION)})
async def create_budget_transfer(body: TransferIn, response: Response, tx: Tx, by: Planner) -> BudgetTransfer:
    """Ask that an amount goes from one budget, or one period, to another; another approves it."""
    source, target = body.source.place(), body.target.place()
    transfer = await commands.ask_transfer(tx, source, target, body.amount, body.reason)
    response.headers["Location"] = f"/v1/budget-transfers/{transfer.id}"
    return _shown(response, transfer)


@router.get("", summary="List transfers")
async def list_budget_transfers(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(TRANSFERS, BudgetTransfer)]
) -> Page[BudgetTransfer]:
    """List transfers, newest first unless another order is asked for."""
    return asked.page(await queries.find_transfers(tx, asked), BudgetTransfer.model_validate)


@router.get("/{transfer_id}", summary="Read a transfer", responses={200: carries(ETAG)})
async def get_budget_transfer(transfer_id: UUID, response: Response, tx: Tx, by: Reader) -> BudgetTransfer:
    """Read a transfer."""
    return _shown(response, await queries.transfer(tx, transfer_id))


@router.post("/{transfer_id}:approve", summary="Approve a transfer", responses={200: carries(ETAG)})
async def approve_budget_transfer(
    transfer_id: UUID, response: Response, tx: Tx, by: Approver, seen: IfMatch
) -> BudgetTransfer:
    """Let the amount go; nobody may who asked for it, nor when it is not there any more."""
    return _shown(response, await commands.approve_transfer(tx, transfer_id, seen))


@router.post("/{transfer_id}:refuse", summary="Refuse a transfer", responses={200: carries(ETAG)})
async def refuse_budget_transfer(
    transfer_id: UUID, body: BudgetReason, response: Response, tx: Tx, by: Approver, seen: IfMatch
) -> BudgetTransfer:
    """Refuse a transfer."""
    return _shown(response, await commands.refuse_transfer(tx, transfer_id, seen, body.reason))


@router.post("/{transfer_id}:withdraw", summary="Withdraw a transfer", responses={200: carries(ETAG)})
async def withdraw_budget_transfer(
    transfer_id: UUID, body: BudgetReason, response: Response, tx: Tx, by: Planner, seen: IfMatch
) -> BudgetTransfer:
    """Take back that a transfer was asked for."""
    return _shown(response, await commands.withdraw_transfer(tx, transfer_id, seen, body.reason))


def _shown(response: Response, transfer: TransferRow) -> BudgetTransfer:
    set_etag(response, transfer)
    return BudgetTransfer.model_validate(transfer)
