"""Trying a template or KPIs over history, before they count."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.errors import FieldError, InvalidError
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.texts import Code
from purveyor_contract.roles import Role
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.kpis.rules.stated import StatedDefinition
from supplier_performance.suppliers import store as suppliers
from supplier_performance.templates.rules.template import Template
from supplier_performance.templates.views import EXAMPLE
from supplier_performance.whatif import queries
from supplier_performance.whatif.rules import MOST_DAYS
from supplier_performance.whatif.views import Tried, TriedSupplier

router = APIRouter(prefix="/v1/scorecard-templates", tags=["scores"], route_class=TransactionRoute)
MOST_KPIS = 30
DEFINED: dict[str, Any] = SHIPPED["on-time"].definition.model_dump(mode="json")


class TriedKpi(BaseModel):
    """A KPI as it would be defined."""

    model_config = ConfigDict(extra="forbid")

    kpi: Code = Field(examples=["on-time"])
    definition: StatedDefinition = Field(examples=[DEFINED])


class ScorecardTrial(BaseModel):
    """What is to be tried: a template, KPIs, or both, in the place of those that hold."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"template": EXAMPLE, "kpis": [], "first_day": "2025-01-01", "last_day": None}]
        },
    )

    template: Template | None = Field(default=None, description="Null: as it holds")
    kpis: list[TriedKpi] = Field(default_factory=list, max_length=MOST_KPIS)
    first_day: Day | None = Field(default=None, description="Null: with the first promised day of all")
    last_day: Day | None = Field(default=None, description="Null: today")


@router.post("/{code}:try", summary="Try a scorecard template over history")
async def try_scorecard_template(
    code: Code,
    tx: Tx,
    by: Annotated[Principal, requires("policies:write", Role.CATEGORY_MANAGER, Role.ADMIN)],
    body: ScorecardTrial,
) -> Tried:
    """Judge all suppliers at the end of each month as it is done, and as it would be done with a change.

    `default` is tried with other KPIs alone: its weights and grades are the policy `scoring`.
    """
    instead = {one.kpi: one.definition for one in body.kpis}
    if len(instead) < len(body.kpis):
        detail = "Each once."
        raise InvalidError("stated_twice", detail, errors=[FieldError("/kpis", detail)])
    change = queries.Change(code, body.template, instead)
    found = await queries.try_change(tx, change, body.first_day, body.last_day)
    if found is None:
        detail = f"Of {MOST_DAYS} months at most, the first before the last, until today."
        raise InvalidError("days_untried", detail, errors=[FieldError("/first_day", detail)])
    names = await suppliers.names(tx, [one.supplier_id for one in found.moves])
    return Tried(
        code=code,
        first_day=found.days[0],
        last_day=found.days[-1],
        days=len(found.days),
        suppliers_judged=found.judged,
        suppliers=[TriedSupplier.of(one, names[one.supplier_id]) for one in found.moves],
    )
