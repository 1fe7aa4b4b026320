"""Events of procurement. Stream `procurement.budgets`, keyed by budget."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor_messaging.envelope import Event, Restated


class BudgetFigures(BaseModel):
    """What a budget says and what of it is taken, over all its periods; available is what is left."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    budget: Decimal = Field(examples=["20000000.00"])
    reserved: Decimal = Field(examples=["0.00"])
    committed: Decimal = Field(examples=["5000000.00"])
    spent: Decimal = Field(examples=["11000000.00"])
    available: Decimal = Field(
        description="budget − reserved − committed − spent; below zero where a policy or an override let it",
        examples=["4000000.00"],
    )


class BudgetedPeriod(BaseModel):
    """A part of a budget's days, and what may be taken in it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    period: int = Field(ge=1, examples=[1])
    first_day: date
    last_day: date
    amount: Decimal = Field(ge=0, examples=["20000000.00"])


class TakenLine(BaseModel):
    """What of a document's line is taken from a budget or given back to it, in the budget's currency."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_number: int = Field(ge=1, examples=[1])
    period: int = Field(ge=1, description="Of the budget", examples=[1])
    amount: Decimal = Field(examples=["5000000.00"])


class BudgetEvent(Event):
    """Something that happened to a budget."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.budgets"
    key_field: ClassVar[str] = "budget_id"

    budget_id: UUID
    number: str = Field(description="Its number for people", examples=["BU-000042"])
    currency: str = Field(description="ISO 4217 code; all amounts are in it", examples=["EUR"])


class BudgetApproved(BudgetEvent):
    """A version of a budget is in force; this is all of it."""

    version: int = Field(ge=1, examples=[1])
    name: str = Field(examples=["Assembly 2026"])
    cost_centre: str | None = Field(description="Or else a project", examples=["4711"])
    project: str | None = Field(examples=[None])
    category: str | None = Field(description="With all that lies in it; null: every one", examples=[None])
    accumulates: bool = Field(description="Whether what a period leaves may be taken in later ones")
    periods: tuple[BudgetedPeriod, ...]
    figures: BudgetFigures
    approved_by: str = Field(examples=["alex.approver"])


class DocumentCharged(BudgetEvent):
    """A document takes from a budget, or gives back to it."""

    document_kind: Literal["requisition", "order", "invoice"]
    document_id: UUID
    document_number: str = Field(examples=["PO-000042"])
    day: date = Field(description="The day by which the period is found, and it is converted")
    lines: tuple[TakenLine, ...]
    amount: Decimal = Field(description="What the lines add up to", examples=["5000000.00"])
    figures: BudgetFigures = Field(description="Afterwards")


class BudgetReserved(DocumentCharged):
    """What a requisition asks for is kept for it."""


class BudgetCommitted(DocumentCharged):
    """What an order orders is taken; what was reserved for it is given back in the same moment."""


class BudgetSpent(DocumentCharged):
    """What an invoice asks for is spent; what its order had committed for it is consumed in that moment."""


class BudgetReleased(DocumentCharged):
    """What a document had taken and does not need any more is available again."""

    reason: Literal["less", "converted", "lapsed", "carried_over"] = Field(
        description="It asks for less; another document took it over; the budget was closed, and it "
        "lapsed or went on to the next one",
    )


class BudgetRevalued(DocumentCharged):
    """Later exchange rates changed what a document's amounts are in the budget's currency."""


class BudgetExceeded(BudgetEvent):
    """A document took more than there was, because a policy warns only, or somebody let it."""

    document_kind: Literal["requisition", "order", "invoice"]
    document_id: UUID
    document_number: str = Field(examples=["PO-000042"])
    period: int = Field(ge=1, examples=[1])
    exceeded_by: Decimal = Field(description="Beyond the tolerance", examples=["120.00"])
    override_id: UUID | None = Field(description="By which override; null where the policy only warns")
    figures: BudgetFigures = Field(description="Afterwards")


class BudgetTransferred(BudgetEvent):
    """An amount went from one budget, or one period, to another; told on both streams."""

    transfer_id: UUID | None = Field(description="Null where a year end carried it over")
    period: int = Field(ge=1, examples=[1])
    amount: Decimal = Field(description="Below zero where it was given", examples=["-1000.00"])
    other_budget_id: UUID
    other_period: int = Field(ge=1, examples=[2])
    figures: BudgetFigures = Field(description="Afterwards")
    approved_by: str = Field(examples=["alex.approver"])


class BudgetClosed(BudgetEvent):
    """Nothing more is taken from a budget."""

    closed_on: date
    figures: BudgetFigures


class BudgetRestated(Restated):
    """A budget's stream was told again after procurement lost events; only the events in here hold."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.budgets"
    key_field: ClassVar[str] = "budget_id"

    budget_id: UUID
