"""Events of procurement. Stream `procurement.requisitions`, keyed by requisition."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor_messaging.audience import NOTHING, Told
from purveyor_messaging.envelope import Event, Restated


class ChargedShare(BaseModel):
    """To what a share of a requested line is charged."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    cost_centre: str = Field(examples=["4711"])
    project: str | None = Field(examples=["P-17"])
    share: Decimal = Field(gt=0, le=100, description="In percent; those of a line add up", examples=["60"])
    amount: Decimal = Field(ge=0, description="In the requisition's currency", examples=["126.00"])


class RequestedLine(BaseModel):
    """What is needed: how much, by when, where, at what price about."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_number: int = Field(ge=1, examples=[1])
    kind: Literal["item", "free_text", "service"]
    item: str | None = Field(description="Of the kind item: the item's code", examples=["M8-HEX-40"])
    description: str = Field(examples=["Hexagon bolt M8 x 40, zinc plated"])
    category: str = Field(examples=["fasteners"])
    quantity: Decimal = Field(gt=0, examples=["2500"])
    unit: str = Field(description="UN/ECE Recommendation 20 code", examples=["C62"])
    need_by: date = Field(description="The last day on which it is of use, at the site")
    site: str = Field(examples=["HAM-1"])
    price: Decimal = Field(ge=0, description="Estimated, per `price_base_quantity` units", examples=["8.40"])
    price_base_quantity: Decimal = Field(gt=0, examples=["100"])
    price_source: str = Field(description="Where the estimate comes from", examples=["last_paid"])
    amount: Decimal = Field(ge=0, description="quantity × price ÷ base, rounded", examples=["210.00"])
    supplier_id: UUID | None = Field(description="The supplier that is suggested")
    assignments: tuple[ChargedShare, ...] = Field(description="To what it is charged; amounts add up to its")
    sourcing_reason: str | None = Field(
        description="Why a supplier is to be found before it is ordered; null: it need not",
        examples=["no blanket order has it"],
    )


class RequisitionEvent(Event):
    """Something that happened to a requisition."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.requisitions"
    key_field: ClassVar[str] = "requisition_id"
    to_supplier: ClassVar[Told] = NOTHING

    requisition_id: UUID
    number: str = Field(description="Its number for people", examples=["PR-000042"])


class RequisitionSubmitted(RequisitionEvent):
    """Somebody asks for what they need; this is all of it."""

    title: str = Field(examples=["Bolts for the spring series"])
    business_unit: str = Field(examples=["drives"])
    currency: str = Field(description="ISO 4217 code", examples=["EUR"])
    total: Decimal = Field(ge=0, description="What its lines are estimated to cost", examples=["210.00"])
    submitted_by: str = Field(examples=["robin.requester"])
    lines: tuple[RequestedLine, ...]


class RequisitionReturned(RequisitionEvent):
    """A submitted requisition is its author's again; what was decided of it does not hold."""

    reason: str = Field(examples=["which of the two sites?"])
    returned_by: str = Field(examples=["alex.approver"])


class RequisitionWithdrawn(RequisitionEvent):
    """What a requisition asks for is not wanted any more, before all of it was decided."""

    withdrawn_by: str = Field(examples=["robin.requester"])


class RequisitionApproved(RequisitionEvent):
    """All lines of a requisition are decided, and these of them may be ordered."""

    business_unit: str = Field(examples=["drives"])
    currency: str = Field(description="ISO 4217 code", examples=["EUR"])
    total: Decimal = Field(
        ge=0, description="What the approved lines are estimated to cost", examples=["210.00"]
    )
    approved_by: tuple[str, ...] = Field(description="Who decided of lines", examples=[["alex.approver"]])
    lines: tuple[RequestedLine, ...]


class RejectedLine(BaseModel):
    """A line that is not to be ordered, and why."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_number: int = Field(ge=1, examples=[1])
    reason: str = Field(examples=["there are enough in stock"])


class RequisitionRejected(RequisitionEvent):
    """Nothing of a requisition may be ordered: what was not cancelled of it was rejected."""

    rejected_by: tuple[str, ...] = Field(description="Who decided of lines", examples=[["alex.approver"]])
    lines: tuple[RejectedLine, ...]


class RequisitionLineClosed(RequisitionEvent):
    """Nothing more of a line is to be ordered; the other lines go on."""

    line_number: int = Field(ge=1, examples=[1])
    closed_as: Literal["rejected", "cancelled", "short"] = Field(
        description="Rejected; cancelled before any of it was ordered; closed short of what is ordered"
    )
    ordered_quantity: Decimal = Field(ge=0, description="What is ordered of it", examples=["1000"])
    given_up_quantity: Decimal = Field(gt=0, description="What is not ordered any more", examples=["1500"])
    reason: str = Field(examples=["enough"])
    closed_by: str = Field(examples=["robin.requester"])


class RequisitionSourcingRequested(RequisitionEvent):
    """For these approved lines a supplier is to be found before they are ordered."""

    business_unit: str = Field(examples=["drives"])
    currency: str = Field(description="ISO 4217 code", examples=["EUR"])
    lines: tuple[RequestedLine, ...]


class OrderedOfRequisition(BaseModel):
    """What an order line holds of a requested line now."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_number: int = Field(ge=1, description="Of the requisition", examples=[1])
    order_line_number: int = Field(ge=1, examples=[1])
    quantity: Decimal = Field(ge=0, description="What it orders of it now; 0: no longer", examples=["1000"])
    ordered_quantity: Decimal = Field(ge=0, description="What all orders hold of it", examples=["1000"])
    open_quantity: Decimal = Field(ge=0, description="Neither ordered nor given up", examples=["1500"])


class RequisitionOrdered(RequisitionEvent):
    """An order takes so much of a requisition; told again whenever it is another quantity.

    What is called off of the order, or closed short, is open again.
    """

    order_id: UUID
    order_number: str = Field(examples=["PO-000042"])
    supplier_id: UUID
    lines: tuple[OrderedOfRequisition, ...]


class RequisitionRestated(Restated):
    """A requisition's stream was told again after procurement lost events; only the events in here hold."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.requisitions"
    key_field: ClassVar[str] = "requisition_id"

    requisition_id: UUID
