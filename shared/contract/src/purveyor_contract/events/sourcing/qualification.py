"""Qualification of suppliers, on the stream `sourcing.suppliers`: invited, answered, decided, ended."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Points
from purveyor_contract.events.sourcing.suppliers import FOR_SUPPLIER, REASON, SupplierEvent
from purveyor_messaging.audience import Told, tells

MATTER = ("supplier_id", "case_id", "case_number", "category", "region", "site")
"""What a supplier is told of a case in each event."""


class QualificationEvent(SupplierEvent):
    """Something that happened to a case of a supplier's qualification."""

    case_id: UUID
    case_number: str = Field(description="The case's number for people", examples=["QC-000042"])
    category: str = Field(examples=["fasteners"])
    region: str | None = Field(description="For which region; null: for all", examples=["EMEA"])
    site: str | None = Field(
        description="The making site that it is about; null: the supplier", examples=["Plant Augsburg"]
    )


class QualificationCondition(BaseModel):
    """What a supplier that qualified conditionally has to do."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int = Field(examples=[1])
    text: str = Field(examples=["Send the certificate of the new plant"])
    owner: str = Field(description="Who of ours sees to it", examples=["quinn.quality"])
    due_on: date
    met_on: date | None = Field(description="When it was met; null: not yet")


class SupplierInvited(QualificationEvent):
    """A supplier was asked to answer a questionnaire; that a case began by itself is no person's doing."""

    to_supplier: ClassVar[Told] = tells(*MATTER, "title", "due_on", "renews")

    questionnaire: str = Field(description="Its code", examples=["quality"])
    edition: int = Field(examples=[3])
    title: str = Field(examples=["Quality of suppliers of fasteners"])
    due_on: date = Field(description="By when it is to be answered")
    renews: UUID | None = Field(description="The case whose end is near, which this one is to follow")
    invited_by: str = Field(examples=["carla.category"])


class QualificationReturned(QualificationEvent):
    """A supplier is to answer again."""

    to_supplier: ClassVar[Told] = tells(*MATTER, "due_on", "reason_for_supplier")

    due_on: date = Field(description="By when it is to be answered")
    reason_for_supplier: str = Field(
        description="What is missing or unclear", examples=["the certificate is of another plant"]
    )
    returned_by: str = Field(examples=["carla.category"])


class QualificationSubmitted(QualificationEvent):
    """A supplier has answered all that it was asked."""

    to_supplier: ClassVar[Told] = tells(*MATTER, "submitted_on")

    submitted_on: date
    submitted_by: str = Field(description="Who of the supplier", examples=["sue.supplier"])


class QualificationWithdrawn(QualificationEvent):
    """A case ended without a decision."""

    to_supplier: ClassVar[Told] = tells(*MATTER, "reason_for_supplier")

    reason: str = Field(description=REASON, examples=["we buy no fasteners any more"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    withdrawn_by: str = Field(examples=["carla.category"])


class SupplierQualified(QualificationEvent):
    """A supplier is qualified until a day; `SupplierApproved` after it carries what that approves."""

    to_supplier: ClassVar[Told] = tells(*MATTER, "valid_until", "reason_for_supplier")

    valid_until: date = Field(description="The last day")
    result: Points | None = Field(
        description="The weighted mean of the marks, of 100; null without weights", examples=["81.5"]
    )
    reason: str = Field(description=REASON, examples=["a sound system, lived"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    qualified_by: str = Field(
        description="Who decided, or saw that the last condition was met", examples=["carl.category"]
    )


class SupplierQualificationConditioned(QualificationEvent):
    """A supplier is qualified until a day, on conditions; told again when one is met or falls overdue."""

    to_supplier: ClassVar[Told] = tells(
        *MATTER,
        "valid_until",
        "reason_for_supplier",
        conditions=("number", "text", "due_on", "met_on"),
    )

    valid_until: date = Field(description="The last day")
    result: Points | None = Field(
        description="The weighted mean of the marks, of 100; null without weights", examples=["64.0"]
    )
    conditions: tuple[QualificationCondition, ...]
    overdue: tuple[int, ...] = Field(description="Numbers of conditions whose day is over", examples=[[1]])
    reason: str = Field(description=REASON, examples=["the audit of the plant is outstanding"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    conditioned_by: str = Field(examples=["carl.category"])


class QualificationRejected(QualificationEvent):
    """A supplier did not qualify; `SupplierBlocked` after it says so where it was approved before."""

    to_supplier: ClassVar[Told] = tells(*MATTER, "reason_for_supplier")

    result: Points | None = Field(
        description="The weighted mean of the marks, of 100; null without weights", examples=["32.5"]
    )
    knocked_out_by: tuple[str, ...] = Field(
        description="Codes of the questions whose answers end the matter", examples=[["qms"]]
    )
    reason: str = Field(description=REASON, examples=["no quality management system"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    rejected_by: str = Field(examples=["carl.category"])


class QualificationExpiring(QualificationEvent):
    """The last day of a qualification is near."""

    to_supplier: ClassVar[Told] = tells(*MATTER, "valid_until", "days_left", "renewed_by_case")

    valid_until: date = Field(description="The last day")
    days_left: int = Field(examples=[30])
    renewed_by_case: UUID | None = Field(
        description="The case that is to follow; null: none has begun, as nobody is asked this any more"
    )


class QualificationExpired(QualificationEvent):
    """The last day of a qualification is over: from that day on nothing is ordered by it.

    The approval that it gave had the same last day, which `SupplierApproved` told: who holds an order
    against that day needs no event to refuse it.
    """

    to_supplier: ClassVar[Told] = tells(*MATTER, "valid_until")

    valid_until: date = Field(description="The last day, which is over")
