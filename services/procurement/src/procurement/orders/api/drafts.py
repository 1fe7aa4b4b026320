"""Routes of drafts: an order as its author states it, and states it again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from procurement.fields import Price, Quantity
from procurement.orders import commands, views
from procurement.orders.rules.drafts import MOST_LINES, DraftLine, DraftOrder
from procurement.orders.rules.schedules import MOST_SCHEDULES, Schedule
from procurement.orders.views import ORDER, Order
from procurement.orders.views.orders import SCHEDULE
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode
from purveyor.texts import Code, ItemCode, Line
from purveyor_contract.roles import Role

WRITE = "procurement:orders:write"
Author = Annotated[Principal, requires(WRITE, Role.REQUESTER, Role.BUYER)]

router = APIRouter(prefix="/v1/purchase-orders", tags=["purchase orders"], route_class=TransactionRoute)


class ScheduleLineIn(BaseModel):
    """How much of a line is needed by which day."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SCHEDULE]})

    schedule_number: int | None = Field(
        default=None, ge=1, le=9_999, description="Its place in the list when left out"
    )
    quantity: Quantity
    need_by: Day

    def schedule(self, place: int) -> Schedule:
        """Return the schedule, numbered by its place when it has no number."""
        return Schedule(self.schedule_number or place, self.quantity, self.need_by)


class OrderLineIn(BaseModel):
    """A line as its author states it."""

    model_config = ConfigDict(extra="forbid")

    line_number: int | None = Field(
        default=None, ge=1, le=99_999, description="Its place in the list when left out", examples=[1]
    )
    item: ItemCode = Field(description="The buyer's item number", examples=["M8-HEX-40"])
    description: Line = Field(examples=["Hexagon bolt M8 × 40, zinc plated"])
    category: Code = Field(examples=["fasteners"])
    quantity: Quantity = Field(examples=["2500"])
    unit: Code = Field(description="UN/ECE Recommendation 20 code", examples=["C62"])
    price: Price = Field(description="Per `price_base_quantity` units, up to six decimals", examples=["8.40"])
    price_base_quantity: Quantity = Field(default=Decimal(1), examples=["100"])
    schedules: list[ScheduleLineIn] = Field(
        default=[],
        max_length=MOST_SCHEDULES,
        description="By when how much of it is needed, which adds up to its quantity; none: all on one day",
    )
    promised_on: Day | None = Field(
        default=None,
        validate_default=True,
        description="The last day, at the site, that counts as on time; of schedules, that of the last one",
    )

    @field_validator("promised_on")
    @classmethod
    def _last_day(cls, stated: date | None, info: ValidationInfo) -> date | None:
        schedules: list[ScheduleLineIn] | None = info.data.get("schedules")
        if stated is not None or schedules is None:
            return stated
        if not schedules:
            raise ValueError("is needed, unless schedules say by when how much is")
        return max(one.need_by for one in schedules)

    def line(self, place: int) -> DraftLine:
        """Return the line, numbered by its place when it has no number."""
        schedules = tuple(one.schedule(nth) for nth, one in enumerate(self.schedules, start=1))
        return DraftLine(**vars(self) | {"line_number": self.line_number or place, "schedules": schedules})


LINE: dict[str, Any] = {name: views.LINE[name] for name in OrderLineIn.model_fields}


class TermsIn(BaseModel):
    """On what terms an order is, and what it is for, as its author states it."""

    payment_terms: Code | None = Field(default=None, description="When it is paid", examples=["30N-2-10"])
    incoterm: Code | None = Field(
        default=None,
        description="The rule of Incoterms 2020 by which it is delivered, with its place",
        examples=["DAP"],
    )
    delivery_place: Line | None = Field(
        default=None, description="The place that the rule speaks of", examples=["Hamburg, hall 1"]
    )
    project: Code | None = Field(default=None, description="What it is for", examples=["P-17"])


class OrderIn(TermsIn):
    """An order as its author states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ORDER | {"lines": [LINE]}]})

    supplier_id: UUID
    currency: CurrencyCode
    site: Code = Field(description="Where it is to be delivered", examples=["HAM-1"])
    business_unit: Code = Field(examples=["drives"])
    cost_centre: Code = Field(examples=["4711"])
    ordered_on: Day | None = Field(
        default=None, description="Business date; today at the site when left out; not in the future"
    )
    lines: list[OrderLineIn] = Field(min_length=1, max_length=MOST_LINES)

    def draft(self) -> DraftOrder:
        """Return what the author states."""
        lines = tuple(line.line(place) for place, line in enumerate(self.lines, start=1))
        return DraftOrder(**vars(self) | {"lines": lines})


@router.post("", status_code=201, summary="Create a draft", responses={201: carries(ETAG, LOCATION)})
async def create_purchase_order(body: OrderIn, response: Response, tx: Tx, by: Author) -> Order:
    """Create a draft with its lines. It is bound to nothing until it is submitted, approved and issued."""
    draft = body.draft()
    created, amounts = await commands.create_order(tx, draft)
    set_etag(response, created)
    response.headers["Location"] = f"/v1/purchase-orders/{created.id}"
    return Order.just_created(created, draft, amounts)


@router.put("/{order_id}", summary="Change a draft")
async def change_purchase_order(
    order_id: UUID, body: OrderIn, response: Response, tx: Tx, by: Author, seen: IfMatch
) -> Order:
    """Replace a draft's header and lines."""
    order = await commands.change_order(tx, order_id, seen, body.draft())
    set_etag(response, order)
    return Order.with_lines(order, sorted(order.lines, key=lambda line: line.line_number))
