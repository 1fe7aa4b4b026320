"""Entries of the ledger, what no budget covered, overrides and transfers as HTTP shows them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.budgets.rules.charging import DocumentKind, EntryKind
from procurement.budgets.rules.control import NotCovered
from procurement.budgets.rules.states import TransferStatus
from procurement.budgets.views.budgets import ID

ORDER = "0199c0de-0000-7000-8000-000000000042"
OF_DOCUMENT: dict[str, Any] = {
    "document_kind": "order",
    "document_id": ORDER,
    "document_number": "PO-000042",
    "line_number": 1,
    "cost_centre": "4711",
    "project": None,
    "category": "fasteners",
}
ENTRY: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-0000000000b2",
    "budget_id": ID,
    "number": 3,
    "period": 1,
    "kind": "commit",
    "budgeted": "0",
    "reserved": "0",
    "committed": "5000000.00",
    "spent": "0",
    "day": "2026-03-02",
    **OF_DOCUMENT,
    "document_amount": "5000000.00",
    "document_currency": "EUR",
    "rate": "1",
    "rated_on": "2026-03-02",
    "other_budget_id": None,
    "override_id": None,
    "recorded_on": "2026-03-02",
    "recorded_at": "2026-03-02T12:00:00Z",
    "recorded_by": "bea",
}
UNCOVERED: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-0000000000b3",
    **OF_DOCUMENT,
    "amount": "250.00",
    "currency": "EUR",
    "day": "2026-03-02",
    "answer": "allow",
    "policy_version": 0,
    "recorded_at": "2026-03-02T12:00:00Z",
    "recorded_by": "bea",
}
OVERRIDE: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-0000000000b4",
    "budget_id": ID,
    "document_kind": "order",
    "document_id": ORDER,
    "amount": "500.00",
    "used": "120.00",
    "reason": "The line stands still without it",
    "granted_by": "alex",
    "granted_at": "2026-03-02T12:00:00Z",
    "policy_version": 0,
}
TRANSFER: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-0000000000b5",
    "status": "proposed",
    "from_budget_id": ID,
    "from_period": 1,
    "to_budget_id": "0199c0de-0000-7000-8000-0000000000b6",
    "to_period": 1,
    "amount": "1000.00",
    "currency": "EUR",
    "reason": "Tools are bought by the workshop",
    "authors": ["cora"],
    "created_by": "cora",
    "created_at": "2026-03-02T12:00:00Z",
    "awaits_approval": None,
    "approved_by": None,
    "approved_at": None,
    "ended_by": None,
    "ended_reason": None,
}


class BudgetEntry(BaseModel):
    """What something added to a period's figures: an entry is written once and never changed."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [ENTRY]})

    id: UUID
    budget_id: UUID
    number: int = Field(description="In its budget's ledger, from 1, without gaps")
    period: int
    kind: EntryKind
    budgeted: Decimal = Field(description="What it adds to what is budgeted, below zero what it takes off")
    reserved: Decimal
    committed: Decimal
    spent: Decimal
    day: date = Field(description="What it is for: the period is found by it")
    document_kind: DocumentKind | None
    document_id: UUID | None
    document_number: str | None
    line_number: int | None
    cost_centre: str | None
    project: str | None
    category: str | None
    document_amount: Decimal | None = Field(description="In the document's currency")
    document_currency: str | None
    rate: Decimal | None = Field(description="By which it was converted, shown to twelve digits")
    rated_on: date | None
    other_budget_id: UUID | None = Field(description="Where it came from or went to")
    override_id: UUID | None = Field(description="By which override it is more than there was")
    recorded_on: date = Field(description="The day on which it was written, in UTC")
    recorded_at: datetime
    recorded_by: str


class UncoveredLine(BaseModel):
    """What a document asked for and no budget covered, with the answer that it got."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [UNCOVERED]})

    id: UUID
    document_kind: DocumentKind
    document_id: UUID
    document_number: str
    line_number: int
    cost_centre: str
    project: str | None
    category: str
    amount: Decimal = Field(description="In the document's currency")
    currency: str
    day: date
    answer: NotCovered
    policy_version: int = Field(description="Of the policy `budget-control`; 0 is nobody's decision")
    recorded_at: datetime
    recorded_by: str


class BudgetOverride(BaseModel):
    """That a document may take more than a budget leaves, and how much more it took."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [OVERRIDE]})

    id: UUID
    budget_id: UUID
    document_kind: DocumentKind
    document_id: UUID
    amount: Decimal = Field(description="How much more it may take, in the budget's currency")
    used: Decimal
    reason: str
    granted_by: str
    granted_at: datetime
    policy_version: int = Field(description="Of the policy `budget-control` that lets somebody override")


class BudgetTransfer(BaseModel):
    """That an amount goes from one budget, or one period, to another."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [TRANSFER]})

    id: UUID
    status: TransferStatus
    from_budget_id: UUID
    from_period: int
    to_budget_id: UUID
    to_period: int
    amount: Decimal
    currency: str
    reason: str
    authors: list[str] = Field(description="None of them approves it")
    created_by: str
    created_at: datetime
    awaits_approval: UUID | None = Field(description="The approval whose steps decide of it")
    approved_by: str | None
    approved_at: datetime | None
    ended_by: str | None = Field(description="Who refused or withdrew it")
    ended_reason: str | None
