"""Events of what suppliers promise. Stream `procurement.orders`, keyed by purchase order."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor_contract.events.procurement.orders import (
    ORDER,
    PROMISED,
    TOLD_WHY,
    WHY,
    OrderEvent,
    PromisedSchedule,
)
from purveyor_messaging.audience import Told, tells


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class MovedPromise(_Part):
    """The days of a schedule of which one was moved."""

    line_number: int = Field(ge=1, examples=[1])
    schedule_number: int = Field(
        ge=1, description="Of the line; 1 where the line is its only schedule", examples=[1]
    )
    need_by: date = Field(description="By when the version in force needs it")
    first_promised_on: date | None = Field(description="What the supplier promised first; null: nothing yet")
    moved_from: date = Field(description="What was promised last, or else needed, until then")
    promised_on: date = Field(description="What is promised from then on")
    due_on: date = Field(
        description="The last day that counts as on time: the first promise that the buyer agreed with, or "
        "what the buyer moved it to in time; needed, before either"
    )


class PromiseChanged(OrderEvent):
    """Days by which schedules of an order come were moved; what was promised before stays."""

    to_supplier: ClassVar[Told] = tells(
        *ORDER,
        "changed_on",
        "moved_by",
        "agreed",
        "reason_for_supplier",
        promises=tuple(MovedPromise.model_fields),
    )

    changed_on: date = Field(description="Business date at the site")
    moved_by: Literal["buyer", "supplier"] = Field(
        description="Whose move it was, whoever recorded it", examples=["supplier"]
    )
    agreed: bool = Field(
        description="Whether the buyer agreed: moved it, and not once it was late, or took what the supplier "
        "answered",
        examples=[False],
    )
    promises: tuple[MovedPromise, ...]
    reason: str | None = Field(description=WHY, examples=["the furnace is being repaired"])
    reason_for_supplier: str | None = Field(
        default=None, description=TOLD_WHY, examples=["the furnace is being repaired"]
    )
    changed_by: str = Field(examples=["sales@nordwind.example"])


class AnsweredChange(_Part):
    """One thing that a supplier would have otherwise than a version says."""

    number: int = Field(ge=1, description="Its place in the answer", examples=[1])
    line_number: int = Field(ge=1, examples=[1])
    schedule_number: int | None = Field(
        description="Of the line, 1 where it is its only schedule; null: of the whole line", examples=[1]
    )
    field: Literal["promised_on", "quantity", "price", "substitute"] = Field(examples=["promised_on"])
    before: str = Field(
        description="What the version asks, or is promised, as a text", examples=["2026-03-20"]
    )
    after: str = Field(
        description="What the supplier would have, as a text; of a substitute its item",
        examples=["2026-03-27"],
    )
    description: str | None = Field(
        default=None, description="Of a substitute", examples=["Hexagon bolt M8 x 45"]
    )
    reason: str | None = Field(
        default=None, description="What the supplier says of why", examples=["the furnace is being repaired"]
    )


class DecidedChange(_Part):
    """What a buyer decided of a thing that a supplier would have otherwise."""

    number: int = Field(ge=1, description="Its place in the answer", examples=[1])
    line_number: int = Field(ge=1, examples=[1])
    schedule_number: int | None = Field(description="Null: of the whole line", examples=[1])
    field: Literal["promised_on", "quantity", "price", "substitute"] = Field(examples=["promised_on"])
    after: str = Field(description="What the supplier would have, as a text", examples=["2026-03-27"])
    decision: Literal["taken", "proposed", "refused"] = Field(
        description="Proposed: the buyer takes it if another agrees; it holds when an amendment says so",
        examples=["taken"],
    )


RESPONSE = ("version", "response_id")


class POResponded(OrderEvent):
    """A supplier answered a version otherwise than by accepting it as it is (that is `POAcknowledged`)."""

    to_supplier: ClassVar[Told] = tells(
        *ORDER,
        *RESPONSE,
        "reply",
        "responded_on",
        "supplier_reference",
        "reason",
        changes=tuple(AnsweredChange.model_fields),
        promises=PROMISED,
    )

    version: int = Field(ge=1, description="The version of the order that it answers", examples=[1])
    response_id: UUID
    reply: Literal["accepted_with_changes", "rejected"] = Field(examples=["accepted_with_changes"])
    responded_on: date = Field(description="Business date at the site")
    supplier_reference: str | None = Field(default=None, examples=["SO-88123"])
    reason: str | None = Field(
        default=None, description="What the supplier says of why", examples=["we no longer make it"]
    )
    changes: tuple[AnsweredChange, ...] = Field(
        description="What it would have otherwise; none when rejected"
    )
    promises: tuple[PromisedSchedule, ...] = Field(
        default=(),
        description="What it promises of lines that it accepts as they are, where it had promised nothing",
    )
    responded_by: str = Field(examples=["sales@nordwind.example"])


class POResponseDecided(OrderEvent):
    """A buyer took or refused what a supplier would have otherwise."""

    to_supplier: ClassVar[Told] = tells(
        *ORDER,
        *RESPONSE,
        "decided_on",
        "reason_for_supplier",
        changes=tuple(DecidedChange.model_fields),
    )

    version: int = Field(ge=1, description="The version that was answered", examples=[1])
    response_id: UUID
    decided_on: date = Field(description="Business date at the site")
    changes: tuple[DecidedChange, ...]
    amendment_id: UUID | None = Field(
        default=None, description="The amendment that says what was taken, beside days; it is to be approved"
    )
    reason: str = Field(description=WHY, examples=["the project is late, too"])
    reason_for_supplier: str | None = Field(default=None, description=TOLD_WHY, examples=["agreed"])
    decided_by: str = Field(examples=["bea.buyer"])


class POAcknowledgementOverdue(OrderEvent):
    """A supplier has not answered a version in time; told once a version."""

    to_supplier: ClassVar[Told] = tells(*ORDER, "version", "issued_on", "answer_by", "found_on")

    version: int = Field(ge=1, description="The version in force", examples=[1])
    issued_on: date = Field(description="Business date at the site on which that was issued")
    answer_by: date = Field(description="The last business day on which it was to be answered")
    found_on: date = Field(description="Business date at the site")
