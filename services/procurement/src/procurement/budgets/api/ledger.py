"""Routes of the ledger: its entries, what no budget covered, and who let documents take more."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from procurement.budgets import queries
from procurement.budgets.api.budgets import Decider, Reader
from procurement.budgets.commands.overrides import grant_override
from procurement.budgets.queries import ENTRIES, OVERRIDES, UNCOVERED
from procurement.budgets.rules.charging import DocumentKind
from procurement.budgets.views.ledger import ORDER, BudgetEntry, BudgetOverride, UncoveredLine
from procurement.fields import AmountAboveZero
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code, Line

router = APIRouter(prefix="/v1", tags=["budgets"], route_class=TransactionRoute)
GRANTED: dict[str, Any] = {
    "document_kind": "order",
    "document_id": ORDER,
    "amount": "500.00",
    "reason": "The line stands still without it",
}


class OverrideIn(BaseModel):
    """Which document may take how much more than a budget leaves, and why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [GRANTED]})

    document_kind: DocumentKind
    document_id: UUID
    amount: AmountAboveZero
    reason: Line
    business_unit: Code | None = Field(
        default=None, description="The document's, where the policy says something of its own of that unit"
    )


@router.get("/budget-entries", summary="List entries of budgets' ledgers")
async def list_budget_entries(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(ENTRIES, BudgetEntry)]
) -> Page[BudgetEntry]:
    """List entries of the ledger with their documents, newest first unless another order is asked for."""
    return asked.page(await queries.find_entries(tx, asked), BudgetEntry.model_validate)


@router.get("/budget-uncovered-lines", summary="List what no budget covered")
async def list_budget_uncovered_lines(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(UNCOVERED, UncoveredLine)]
) -> Page[UncoveredLine]:
    """List lines of documents that no budget covered, with the answer that the policy gave them."""
    return asked.page(await queries.find_uncovered(tx, asked), UncoveredLine.model_validate)


@router.get("/budget-overrides", summary="List overrides of budgets")
async def list_budget_overrides(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(OVERRIDES, BudgetOverride)]
) -> Page[BudgetOverride]:
    """List who let which document take more than a budget leaves, why, and how much of that was used."""
    return asked.page(await queries.find_overrides(tx, asked), BudgetOverride.model_validate)


@router.post("/budgets/{budget_id}/overrides", status_code=201, summary="Override a budget for a document")
async def create_budget_override(budget_id: UUID, body: OverrideIn, tx: Tx, by: Decider) -> BudgetOverride:
    """Let a document take so much more than a budget leaves, whichever way it asks.

    The policy `budget-control` says who may; nobody for a document that they wrote any of.
    """
    override = await grant_override(
        tx,
        budget_id,
        body.document_kind,
        body.document_id,
        body.amount,
        body.reason,
        by,
        body.business_unit,
    )
    return BudgetOverride.model_validate(override)
