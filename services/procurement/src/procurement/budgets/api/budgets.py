"""Routes of budgets: stated, approved, read, closed."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.budgets import queries
from procurement.budgets.commands import budgets as commands
from procurement.budgets.commands import years
from procurement.budgets.model import Budget as BudgetRow
from procurement.budgets.queries import BUDGETS
from procurement.budgets.rules.stating import Purpose, Stated, StatedPeriod
from procurement.budgets.views.budgets import Budget, FiguresAsOf
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.decimals import AS_WRITTEN
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode
from purveyor.pages import Page
from purveyor.texts import Code, Line
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1/budgets", tags=["budgets"], route_class=TransactionRoute)
READ, WRITE = "procurement:budgets:read", "procurement:budgets:write"
Reader = Annotated[Principal, requires(READ)]
Planner = Annotated[Principal, requires(WRITE, Role.CATEGORY_MANAGER, Role.ADMIN)]
Approver = Annotated[Principal, requires(WRITE, Role.APPROVER)]
Decider = Annotated[Principal, requires(WRITE, Role.APPROVER, Role.CATEGORY_MANAGER, Role.ADMIN)]
MOST_PERIODS = 60
Budgeted = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6), AS_WRITTEN]
STATED: dict[str, Any] = {
    "name": "Assembly 2026",
    "cost_centre": "4711",
    "project": None,
    "category": None,
    "currency": "EUR",
    "accumulates": False,
    "periods": [{"first_day": "2026-01-01", "last_day": "2026-12-31", "amount": "20000000.00"}],
    "reason": "The plan for 2026",
}


class BudgetReason(BaseModel):
    """Why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "the plan has to be cut"}]}
    )

    reason: Line


class BudgetPeriodIn(BaseModel):
    """A part of a budget's days, and how much may be taken in it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": STATED["periods"]})

    first_day: Day
    last_day: Day
    amount: Budgeted


class BudgetIn(BaseModel):
    """A budget as its author states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [STATED]})

    name: Line
    cost_centre: Code | None = Field(default=None, description="Or else a project")
    project: Code | None = None
    category: Code | None = Field(default=None, description="With all that lies in it; left out: every one")
    currency: CurrencyCode
    accumulates: bool = Field(
        default=False, description="Whether what a period leaves may be taken in later ones"
    )
    periods: list[BudgetPeriodIn] = Field(
        min_length=1,
        max_length=MOST_PERIODS,
        description="The year, or its months, or others: each follows on the one before",
    )
    reason: Line

    def stated(self) -> Stated:
        """Return what its author states."""
        return Stated(
            name=self.name,
            purpose=Purpose(self.cost_centre, self.project, self.category),
            currency=self.currency,
            accumulates=self.accumulates,
            periods=tuple(StatedPeriod(one.first_day, one.last_day, one.amount) for one in self.periods),
            reason=self.reason,
        )


class RevaluationIn(BaseModel):
    """By the rates of which day."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"day": "2026-03-02"}]})

    day: Day = Field(description="One that has come")


@router.post("", status_code=201, summary="Draft a budget", responses={201: carries(ETAG, LOCATION)})
async def create_budget(body: BudgetIn, response: Response, tx: Tx, by: Planner) -> Budget:
    """Draft what may be taken for a cost centre or a project; it binds nobody until approved."""
    budget = await commands.create_budget(tx, body.stated())
    response.headers["Location"] = f"/v1/budgets/{budget.id}"
    return _shown(response, budget)


@router.get("", summary="List budgets")
async def list_budgets(tx: Tx, by: Reader, asked: Annotated[Listed, listed(BUDGETS, Budget)]) -> Page[Budget]:
    """List budgets, newest first unless another order is asked for, each with its figures now."""
    return asked.page(await queries.find_budgets(tx, asked), Budget.of)


@router.get("/{budget_id}", summary="Read a budget", responses={200: carries(ETAG)})
async def get_budget(budget_id: UUID, response: Response, tx: Tx, by: Reader) -> Budget:
    """Read a budget, with its versions and its figures now."""
    return _shown(response, await queries.budget(tx, budget_id))


@router.get("/{budget_id}/figures", summary="Read a budget's figures of another moment")
async def get_budget_figures(
    budget_id: UUID,
    tx: Tx,
    by: Reader,
    as_of_entry: Annotated[
        int | None, Query(ge=0, le=2**53, description="As of this entry of its ledger", examples=[3])
    ] = None,
    as_of_day: Annotated[
        Day | None, Query(description="As of the end of this day, in UTC", examples=["2026-03-02"])
    ] = None,
) -> FiguresAsOf:
    """Read a budget's figures as of any entry or day, or as they are now.

    With both, what either leaves out is left out.
    """
    return FiguresAsOf.of(await queries.periods_as_of(tx, budget_id, as_of_entry, as_of_day))


@router.put("/{budget_id}", summary="Change a budget", responses={200: carries(ETAG)})
async def change_budget(
    budget_id: UUID, body: BudgetIn, response: Response, tx: Tx, by: Planner, seen: IfMatch
) -> Budget:
    """Replace what a draft says; of an approved budget, draft the next version of its amounts."""
    return _shown(response, await commands.change_budget(tx, budget_id, seen, body.stated()))


@router.post("/{budget_id}:submit", summary="Hand a budget in for approval", responses={200: carries(ETAG)})
async def submit_budget(budget_id: UUID, response: Response, tx: Tx, by: Planner, seen: IfMatch) -> Budget:
    """Hand the draft of a budget's next version in for approval."""
    return _shown(response, await commands.submit_budget(tx, budget_id, seen))


@router.post("/{budget_id}:approve", summary="Approve a budget", responses={200: carries(ETAG)})
async def approve_budget(budget_id: UUID, response: Response, tx: Tx, by: Approver, seen: IfMatch) -> Budget:
    """Let a version be in force; nobody may who wrote any of it."""
    return _shown(response, await commands.approve_budget(tx, budget_id, seen))


@router.post("/{budget_id}:return", summary="Return a budget to its author", responses={200: carries(ETAG)})
async def return_budget(
    budget_id: UUID, body: BudgetReason, response: Response, tx: Tx, by: Approver, seen: IfMatch
) -> Budget:
    """Make a version that was handed in a draft again."""
    return _shown(response, await commands.return_budget(tx, budget_id, seen, body.reason))


@router.post("/{budget_id}:withdraw", summary="Withdraw a budget", responses={200: carries(ETAG)})
async def withdraw_budget(
    budget_id: UUID, body: BudgetReason, response: Response, tx: Tx, by: Planner, seen: IfMatch
) -> Budget:
    """Give a version up that is not approved; the one in force stays."""
    return _shown(response, await commands.withdraw_budget(tx, budget_id, seen, body.reason))


@router.post("/{budget_id}:close", summary="Close a budget", responses={200: carries(ETAG)})
async def close_budget(
    budget_id: UUID, body: BudgetReason, response: Response, tx: Tx, by: Approver, seen: IfMatch
) -> Budget:
    """Close a budget whose days are over, before the job does; the policy says what becomes of the rest."""
    return _shown(response, await years.close_budget(tx, budget_id, seen, body.reason))


@router.post("/{budget_id}:revalue", summary="Revalue a budget", responses={200: carries(ETAG)})
async def revalue_budget(
    budget_id: UUID, body: RevaluationIn, response: Response, tx: Tx, by: Planner, seen: IfMatch
) -> Budget:
    """Value what is reserved and committed in other currencies by the rates of a day.

    What they change is an entry of its own for each line.
    """
    return _shown(response, await years.revalue_budget(tx, budget_id, seen, body.day))


def _shown(response: Response, budget: BudgetRow) -> Budget:
    set_etag(response, budget)
    return Budget.of(budget)
