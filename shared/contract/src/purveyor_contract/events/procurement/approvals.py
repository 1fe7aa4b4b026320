"""Events of procurement. Stream `procurement.approvals`, keyed by approval: what is to be decided."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.money import Money
from purveyor_messaging.envelope import Event, Restated


class ApprovalStepTold(BaseModel):
    """A step of an approval, and who may take it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int = Field(ge=1, examples=[1])
    stage: int = Field(ge=1, description="All of a stage are open at once; later stages wait", examples=[1])
    label: str = Field(examples=["manager of cost centre 4711"])
    needs: int = Field(ge=1, description="So many have to agree", examples=[1])
    people: tuple[str, ...] = Field(description="Codes of those who may take it", examples=[["mara"]])
    role: str | None = Field(
        description="Anybody with this role may; null: the people", examples=["approver"]
    )
    because: tuple[str, ...] = Field(
        description="The conditions that put it there",
        examples=[["rule “large”: 12,000.00 EUR is 10,000 or more"]],
    )


class ApprovalEvent(Event):
    """Something about the approval of a document."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.approvals"
    key_field: ClassVar[str] = "approval_id"

    approval_id: UUID
    kind: str = Field(examples=["purchase_order"])
    document_id: UUID
    document_number: str = Field(description="Its number for people", examples=["PO-000042"])


class ApprovalRequested(ApprovalEvent):
    """A document was handed in for approval, and these have to decide."""

    amount: Money
    submitted_by: str = Field(examples=["robin"])
    authors: tuple[str, ...] = Field(description="None of them decides", examples=[["robin"]])
    policy_version: int = Field(ge=0, description="By which version of the policy", examples=[2])
    steps: tuple[ApprovalStepTold, ...]
    slices: tuple[str, ...] = Field(
        default=(),
        description="Numbers of documents that it was found to be one purchase with",
        examples=[["PO-000041"]],
    )
    arithmetic: str | None = Field(
        default=None, description="What they add up to", examples=["PO-000042 6,000.00 + PO-000041 5,000.00"]
    )


class ApprovalReminded(ApprovalEvent):
    """A step has waited for as many working days as the policy lets pass before it says so."""

    step: int = Field(ge=1, examples=[1])
    label: str = Field(examples=["manager of cost centre 4711"])
    people: tuple[str, ...] = Field(examples=[["mara"]])
    role: str | None = Field(examples=["approver"])
    waiting_since: datetime


class ApprovalEscalated(ApprovalEvent):
    """A step has waited for too long, and others may take it too."""

    step: int = Field(ge=1, examples=[1])
    label: str = Field(examples=["manager of cost centre 4711"])
    people: tuple[str, ...] = Field(description="All who may take it now", examples=[["mara", "otto"]])
    added: tuple[str, ...] = Field(
        description="Who may take it besides; none: nobody stands above", examples=[["otto"]]
    )
    waiting_since: datetime


class ApprovalDecided(ApprovalEvent):
    """Somebody decided a step, or all of it; `status` is where the approval stands by that."""

    decision: str = Field(
        description="approve, reject, override, withdraw, or carry: it goes on with what was approved before",
        examples=["approve"],
    )
    status: str = Field(description="pending, approved, rejected or withdrawn", examples=["approved"])
    step: int | None = Field(description="Null: all of it", examples=[1])
    decided_by: str = Field(examples=["mara.manager"])
    on_behalf_of: str | None = Field(
        default=None, description="The code of whom a deputy decided for", examples=["otto"]
    )
    reason: str | None = Field(default=None, examples=["within the plan"])


class ApprovalRestated(Restated):
    """An approval's stream was told again after procurement lost events; only the events in here hold."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.approvals"
    key_field: ClassVar[str] = "approval_id"

    approval_id: UUID
