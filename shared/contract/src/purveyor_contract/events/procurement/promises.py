"""Events of what suppliers promise. Stream `procurement.orders`, keyed by purchase order."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from purveyor_contract.events.procurement.orders import ORDER, TOLD_WHY, WHY, OrderEvent
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
        "what the buyer moved it to; needed, before either"
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
        description="Whether the buyer agreed: moved it, or took what the supplier answered", examples=[False]
    )
    promises: tuple[MovedPromise, ...]
    reason: str | None = Field(description=WHY, examples=["the furnace is being repaired"])
    reason_for_supplier: str | None = Field(
        default=None, description=TOLD_WHY, examples=["the furnace is being repaired"]
    )
    changed_by: str = Field(examples=["sales@nordwind.example"])
