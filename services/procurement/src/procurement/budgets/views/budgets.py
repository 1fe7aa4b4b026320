"""Budgets and their figures as HTTP shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.budgets.model import Budget as BudgetRow
from procurement.budgets.model import BudgetVersion as VersionRow
from procurement.budgets.rules import figures as rules
from procurement.budgets.rules.states import BudgetStatus, VersionStatus, allowed_actions

ID = "0199c0de-0000-7000-8000-0000000000b1"
FIGURES: dict[str, Any] = {
    "budget": "20000000.00",
    "reserved": "0.00",
    "committed": "5000000.00",
    "spent": "11000000.00",
    "available": "4000000.00",
}
PERIOD: dict[str, Any] = {
    "period": 1,
    "first_day": "2026-01-01",
    "last_day": "2026-12-31",
    "left": "4000000.00",
    **FIGURES,
}
VERSION: dict[str, Any] = {
    "number": 1,
    "status": "approved",
    "amounts": ["20000000.00"],
    "reason": "The plan for 2026",
    "authors": ["cora"],
    "created_by": "cora",
    "created_at": "2025-12-01T09:00:00Z",
    "submitted_by": "cora",
    "submitted_at": "2025-12-01T09:05:00Z",
    "approved_by": "alex",
    "approved_at": "2025-12-02T10:00:00Z",
}
BUDGET: dict[str, Any] = {
    "id": ID,
    "number": "BU-000042",
    "name": "Assembly 2026",
    "status": "approved",
    "cost_centre": "4711",
    "project": None,
    "category": None,
    "first_day": "2026-01-01",
    "last_day": "2026-12-31",
    "currency": "EUR",
    "accumulates": False,
    "current_version": 1,
    "entries": 3,
    "figures": FIGURES,
    "periods": [PERIOD],
    "versions": [VERSION],
    "created_by": "cora",
    "created_at": "2025-12-01T09:00:00Z",
    "closed_on": None,
    "closed_by": None,
    "allowed_actions": ["change"],
}
AS_OF: dict[str, Any] = {
    "budget_id": ID,
    "number": "BU-000042",
    "currency": "EUR",
    "as_of_entry": 3,
    "figures": FIGURES,
    "periods": [PERIOD],
}


class Figures(BaseModel):
    """What a budget says and what of it is taken, in its currency."""

    model_config = ConfigDict(json_schema_extra={"examples": [FIGURES]})

    budget: Decimal = Field(description="By the version in force, and what was transferred")
    reserved: Decimal = Field(description="By requisitions")
    committed: Decimal = Field(description="By orders, as far as nothing was invoiced")
    spent: Decimal = Field(description="By invoices")
    available: Decimal = Field(
        description="budget − reserved − committed − spent; below zero where a policy or an override let it"
    )

    @classmethod
    def of_figures(cls, figures: rules.Figures) -> Self:
        """Show figures."""
        return cls(**figures.by_name())


class PeriodFigures(Figures):
    """A part of a budget's days, with its figures."""

    model_config = ConfigDict(json_schema_extra={"examples": [PERIOD]})

    period: int
    first_day: date
    last_day: date
    left: Decimal = Field(
        description="What may still be taken in it: what is available, or, where the budget accumulates, the "
        "least that is, from this period on, of all periods up to each"
    )

    @classmethod
    def all_of(cls, periods: Sequence[rules.Period], *, accumulates: bool) -> list[Self]:
        """Show periods."""
        return [
            cls(
                period=one.number,
                first_day=one.first_day,
                last_day=one.last_day,
                left=rules.left(periods, one.number, accumulates=accumulates),
                **one.figures.by_name(),
            )
            for one in periods
        ]


class FiguresAsOf(BaseModel):
    """A budget's figures as they were after an entry of its ledger."""

    model_config = ConfigDict(json_schema_extra={"examples": [AS_OF]})

    budget_id: UUID
    number: str
    currency: str
    as_of_entry: int = Field(description="The last entry that counts; 0 before the first")
    figures: Figures = Field(description="Of all periods")
    periods: list[PeriodFigures]

    @classmethod
    def of(cls, found: tuple[BudgetRow, Sequence[rules.Period], int]) -> Self:
        """Show a budget's periods as of an entry."""
        budget, periods, entry = found
        return cls(
            budget_id=budget.id,
            number=budget.number,
            currency=budget.currency,
            as_of_entry=entry,
            figures=Figures.of_figures(rules.total(periods)),
            periods=PeriodFigures.all_of(periods, accumulates=budget.accumulates),
        )


class BudgetVersion(BaseModel):
    """What a budget says, or is to say, or once said."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [VERSION]})

    number: int
    status: VersionStatus
    amounts: list[Decimal] = Field(description="Of each period")
    reason: str
    authors: list[str] = Field(description="Who created, changed or submitted it: none of them approves it")
    created_by: str
    created_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None

    @classmethod
    def of(cls, version: VersionRow) -> Self:
        """Show a version."""
        return cls.model_validate(version)


class Budget(BaseModel):
    """A budget: what it is for, what it says, and what of it is taken."""

    model_config = ConfigDict(json_schema_extra={"examples": [BUDGET]})

    id: UUID
    number: str
    name: str
    status: BudgetStatus
    cost_centre: str | None = Field(description="Or else a project")
    project: str | None
    category: str | None = Field(description="With all that lies in it; null: every one")
    first_day: date
    last_day: date
    currency: str
    accumulates: bool
    current_version: int = Field(description="The version in force; 0 while there is none")
    entries: int = Field(description="How many entries its ledger has")
    figures: Figures = Field(description="Of all periods")
    periods: list[PeriodFigures]
    versions: list[BudgetVersion]
    created_by: str
    created_at: datetime
    closed_on: date | None
    closed_by: str | None
    allowed_actions: list[str]

    @classmethod
    def of(cls, budget: BudgetRow) -> Self:
        """Show a budget as it is now."""
        periods = [one.period() for one in budget.periods]
        names = cls.model_fields.keys() - {"figures", "periods", "versions", "allowed_actions"}
        return cls(
            figures=Figures.of_figures(rules.total(periods)),
            periods=PeriodFigures.all_of(periods, accumulates=budget.accumulates),
            versions=[BudgetVersion.of(one) for one in budget.versions],
            allowed_actions=allowed_actions(budget.status, budget.proposed),
            **{name: getattr(budget, name) for name in names},
        )
