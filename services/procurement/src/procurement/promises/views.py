"""Promises as HTTP shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.views.orders import HEADER_FOR_SUPPLIER
from procurement.promises.rules import MovedBy, Promised

MOVE_FOR_SUPPLIER: dict[str, Any] = {
    "nth": 2,
    "promised_on": "2026-03-27",
    "moved_from": "2026-03-20",
    "moved_by": "supplier",
    "by_supplier": True,
    "agreed": False,
    "reason_for_supplier": "the furnace is being repaired",
    "stated_on": "2026-03-16",
    "stated_at": "2026-03-16T08:00:00Z",
}
MOVE: dict[str, Any] = MOVE_FOR_SUPPLIER | {
    "reason": "the furnace is being repaired",
    "stated_by": "sales@nordwind.example",
}
PROMISED: dict[str, Any] = {
    "line_number": 1,
    "schedule_number": 1,
    "quantity": "2500",
    "open_quantity": "2500",
    "firm": True,
    "need_by": "2026-03-20",
    "first_promised_on": "2026-03-20",
    "last_promised_on": "2026-03-27",
    "due_on": "2026-03-20",
}


class MoveForSupplier(BaseModel):
    """A day that was promised, as the supplier sees it."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [MOVE_FOR_SUPPLIER]})

    nth: int = Field(description="Its place among all that were promised of the schedule, from 1")
    promised_on: date
    moved_from: date = Field(description="What was promised before it, or else needed; the same: accepted")
    moved_by: MovedBy = Field(description="Whose move it was, whoever recorded it")
    by_supplier: bool | None = Field(
        description="Whether the supplier said so here itself, and no buyer for it; null: not known"
    )
    agreed: bool = Field(
        description="Whether the buyer moved it, and not once it was late, or took what the supplier answered"
    )
    reason_for_supplier: str | None = Field(description="What the supplier is told of why, or has said")
    stated_on: date = Field(description="Business date at the site")
    stated_at: datetime


class Move(MoveForSupplier):
    """A day that was promised."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [MOVE]})

    reason: str | None
    stated_by: str


class SchedulePromisesForSupplier(BaseModel):
    """The days of a schedule: needed, first promised and last promised, as the supplier sees them."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROMISED | {"promises": [MOVE_FOR_SUPPLIER]}]})

    line_number: int
    schedule_number: int = Field(description="1 where the line is its only schedule")
    quantity: Decimal
    open_quantity: Decimal = Field(description="Still to come; what came fills schedules by their days")
    firm: bool = Field(description="Whether it is firm today, and no forecast")
    need_by: date = Field(description="By when the version in force needs it")
    first_promised_on: date | None = Field(description="What the supplier promised first")
    last_promised_on: date | None = Field(description="What is promised now, whoever moved it")
    due_on: date = Field(
        description="The last day that counts as on time: the first promise that the buyer agreed with, "
        "or what the buyer moved it to in time; needed, before either"
    )
    promises: list[MoveForSupplier] = Field(description="All that was promised, the first one first")

    @classmethod
    def of(cls, promised: Promised) -> Self:
        """Show what is promised of a schedule."""
        return cls(
            **_days(promised), promises=[MoveForSupplier.model_validate(one) for one in promised.promises]
        )


class SchedulePromises(SchedulePromisesForSupplier):
    """The days of a schedule: needed, first promised and last promised."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROMISED | {"promises": [MOVE]}]})

    promises: list[Move] = Field(  # type: ignore[assignment]  # with who said it, and why
        description="All that was promised, the first one first"
    )

    @classmethod
    def of(cls, promised: Promised) -> Self:
        """Show what is promised of a schedule."""
        return cls(**_days(promised), promises=[Move.model_validate(one) for one in promised.promises])


class OrderPromisesForSupplier(BaseModel):
    """What is promised of an order, as its supplier sees it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"order_id": HEADER_FOR_SUPPLIER["id"], "number": "PO-000042", "version": 1}
                | {"schedules": [PROMISED | {"promises": [MOVE_FOR_SUPPLIER]}]}
            ]
        }
    )

    order_id: UUID
    number: str = Field(description="The order's")
    version: int = Field(description="The version in force, whose schedules these are; 0 of a draft")
    schedules: list[SchedulePromisesForSupplier] = Field(description="By line and number")

    @classmethod
    def of(cls, order_id: UUID, number: str, version: int, found: Sequence[Promised]) -> Self:
        """Show what is promised of an order."""
        shown = [SchedulePromisesForSupplier.of(one) for one in found]
        return cls(order_id=order_id, number=number, version=version, schedules=shown)


class OrderPromises(OrderPromisesForSupplier):
    """What is promised of an order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"order_id": HEADER_FOR_SUPPLIER["id"], "number": "PO-000042", "version": 1}
                | {"schedules": [PROMISED | {"promises": [MOVE]}]}
            ]
        }
    )

    schedules: list[SchedulePromises] = Field(  # type: ignore[assignment]  # with who said it, and why
        description="By line and number"
    )

    @classmethod
    def of(cls, order_id: UUID, number: str, version: int, found: Sequence[Promised]) -> Self:
        """Show what is promised of an order."""
        shown = [SchedulePromises.of(one) for one in found]
        return cls(order_id=order_id, number=number, version=version, schedules=shown)


def _days(promised: Promised) -> dict[str, Any]:
    dates = promised.dates
    return {
        "line_number": promised.line_number,
        "schedule_number": promised.schedule_number,
        "quantity": promised.quantity,
        "open_quantity": promised.open_quantity,
        "firm": promised.firm,
        "need_by": dates.need_by,
        "first_promised_on": dates.first_promised_on,
        "last_promised_on": dates.last_promised_on,
        "due_on": dates.due_on,
    }
