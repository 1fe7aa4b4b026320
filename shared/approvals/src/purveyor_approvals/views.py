"""Approvals, delegations and simulations as HTTP shows them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.money import Money
from purveyor_approvals.model import Act, ApprovalAct, ApprovalStep, Status, StepStatus
from purveyor_approvals.model import Approval as ApprovalRow
from purveyor_approvals.rules.assigning import Assigned

STEP: dict[str, Any] = {
    "number": 1,
    "stage": 1,
    "label": "manager of cost centre 4711",
    "needs": 1,
    "people": ["mara"],
    "role": None,
    "because": ["rule “large”: 12,000.00 EUR is 10,000 or more"],
}
TIMES = {
    "status": "open",
    "opened_at": "2026-03-02T09:00:00Z",
    "decided_at": None,
    "remind_at": "2026-03-04T09:00:00Z",
    "escalate_at": None,
}
ACT: dict[str, Any] = {
    "act": "ask",
    "step": 1,
    "done_by": "mara.manager",
    "on_behalf_of": None,
    "reason": "why not by the frame contract?",
    "done_at": "2026-03-02T10:00:00Z",
}
SLICE: dict[str, Any] = {
    "approval_id": "0199c0de-0000-7000-8000-0000000000e0",
    "number": "PO-000041",
    "amount": "7000.00",
    "stated": "7000.00 EUR",
    "submitted_by": "rob",
}
SPLIT: dict[str, Any] = {
    "threshold": "10000",
    "total": "12000.00",
    "arithmetic": "PO-000042 5,000.00 + PO-000041 7,000.00 = 12,000.00 EUR, which is 10,000 or more",
    "slices": [SLICE],
}
HEADER: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-0000000000e1",
    "kind": "purchase_order",
    "document_id": "0199c0de-0000-7000-8000-000000000042",
    "document_number": "PO-000042",
    "document_path": "/v1/purchase-orders/0199c0de-0000-7000-8000-000000000042",
    "status": "pending",
    "amount": {"amount": "5000.00", "currency": "EUR"},
    "judged_amount": {"amount": "12000.00", "currency": "EUR"},
    "submitted_by": "robin",
    "submitted_at": "2026-03-02T09:00:00Z",
    "decided_at": None,
    "overridden": False,
    "waits_for": ["manager of cost centre 4711"],
}
APPROVAL: dict[str, Any] = HEADER | {
    "authors": ["robin"],
    "policy_version": 2,
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "follows": None,
    "split": SPLIT,
    "steps": [STEP | TIMES],
    "acts": [ACT],
}
DELEGATION: dict[str, Any] = {
    "person": "mara",
    "delegate": "otto",
    "valid_from": "2026-07-01",
    "valid_to": "2026-07-21",
    "reason": "on holiday",
}
DELEGATED: dict[str, Any] = DELEGATION | {
    "id": "0199c0de-0000-7000-8000-0000000000e2",
    "created_by": "mara.manager",
    "created_at": "2026-06-20T09:00:00Z",
    "ended_by": None,
}


class PlannedStep(BaseModel):
    """A step, who may take it, and the conditions that put it there."""

    model_config = ConfigDict(json_schema_extra={"examples": [STEP]})

    number: int
    stage: int = Field(description="All of a stage are open at once; later stages wait")
    label: str
    needs: int = Field(description="So many have to agree")
    people: list[str] = Field(description="Codes of those who may take it")
    role: str | None = Field(description="Anybody with this role may; null: the people")
    because: list[str] = Field(description="Which conditions of which rules put it there")

    @classmethod
    def of(cls, step: Assigned | ApprovalStep) -> Self:
        """Show a step."""
        return cls(**{name: getattr(step, name) for name in cls.model_fields})


class ApprovalStepOut(PlannedStep):
    """A step, and where it stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [STEP | TIMES]})

    status: StepStatus
    opened_at: datetime | None
    decided_at: datetime | None
    remind_at: datetime | None = Field(description="When those who may take it are reminded")
    escalate_at: datetime | None = Field(description="When who stands above them may take it too")


class ApprovalActOut(BaseModel):
    """What somebody did about it."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [ACT]})

    act: Act
    step: int | None
    done_by: str = Field(description="The subject of the token")
    on_behalf_of: str | None = Field(description="The code of whom a deputy decided for")
    reason: str | None = Field(description="Why; of a question or an answer what it says")
    done_at: datetime


class SliceOut(BaseModel):
    """Another document of the same purchase."""

    model_config = ConfigDict(json_schema_extra={"examples": [SLICE]})

    approval_id: UUID
    number: str
    amount: Decimal = Field(description="In the policy's currency")
    stated: str
    submitted_by: str


class SplitOut(BaseModel):
    """A purchase in slices: what they add up to, and which threshold that reaches."""

    model_config = ConfigDict(json_schema_extra={"examples": [SPLIT]})

    threshold: Decimal
    total: Decimal
    arithmetic: str
    slices: list[SliceOut]


class ApprovalHeader(BaseModel):
    """A document that somebody has to approve, and whom that waits for."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER]})

    id: UUID
    kind: str
    document_id: UUID
    document_number: str
    document_path: str = Field(description="Where the document is read")
    status: Status
    amount: Money
    judged_amount: Money = Field(
        description="In the policy's currency, with all that it was found to be one purchase with"
    )
    submitted_by: str
    submitted_at: datetime
    decided_at: datetime | None
    overridden: bool = Field(description="Whether somebody approved it past its steps")
    waits_for: list[str] = Field(description="The steps that are open")

    @classmethod
    def of(cls, row: ApprovalRow, paths: dict[str, str]) -> Self:
        """Show an approval; `paths` are those of documents, by kind."""
        return cls(**cls._shown(row, paths))

    @classmethod
    def _shown(cls, row: ApprovalRow, paths: dict[str, str]) -> dict[str, Any]:
        made = {"amount", "judged_amount", "document_path", "waits_for", "steps", "acts", "split"}
        return {name: getattr(row, name) for name in cls.model_fields.keys() - made} | {
            "amount": Money(amount=row.amount, currency=row.currency),
            "judged_amount": Money(amount=row.judged_amount, currency=row.policy_currency),
            "document_path": paths[row.kind].format(id=row.document_id, thread=row.thread_id),
            "waits_for": [step.label for step in row.open_steps],
        }


class DocumentApproval(ApprovalHeader):
    """A document that somebody has to approve: in which steps, who decided what, and who is next."""

    model_config = ConfigDict(json_schema_extra={"examples": [APPROVAL]})

    authors: list[str] = Field(description="None of them decides")
    policy_version: int = Field(description="By which version it was planned; a later one changes nothing")
    digest: str = Field(description="SHA-256 of the content that is approved")
    follows: UUID | None = Field(description="The approval that it goes on with, without one of its own")
    split: SplitOut | None
    steps: list[ApprovalStepOut]
    acts: list[ApprovalActOut]

    @classmethod
    def _shown(cls, row: ApprovalRow, paths: dict[str, str]) -> dict[str, Any]:
        return super()._shown(row, paths) | {
            "split": None if row.split is None else SplitOut(**row.split),
            "steps": [ApprovalStepOut.of(step) for step in row.steps],
            "acts": [_act(act) for act in row.acts],
        }


def _act(act: ApprovalAct) -> ApprovalActOut:
    return ApprovalActOut.model_validate(act)


class Delegation(BaseModel):
    """Somebody decides for another from a day to a day."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [DELEGATED]})

    id: UUID
    person: str
    delegate: str
    valid_from: date
    valid_to: date
    reason: str
    created_by: str
    created_at: datetime
    ended_by: str | None = Field(description="Who took the place back before its last day")
