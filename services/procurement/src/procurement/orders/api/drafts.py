"""Routes of drafts: an order as its author states it, and states it again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from procurement.amounts.rules.adjustments import Adjustment, SpreadBy
from procurement.fields import Percent, Price, StatedQuantity
from procurement.orders import commands, views
from procurement.orders.rules.drafts import MOST_LINES, DraftLine, DraftOrder
from procurement.orders.rules.schedules import MOST_SCHEDULES, Schedule
from procurement.orders.views import ORDER, Order
from procurement.orders.views.amounts import ADJUSTMENT
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
    quantity: StatedQuantity
    need_by: Day

    def schedule(self, place: int) -> Schedule:
        """Return the schedule, numbered by its place when it has no number."""
        return Schedule(self.schedule_number or place, self.quantity, self.need_by)


class LineAllowanceIn(BaseModel):
    """What is taken off a line or put on it: an amount, or a percentage."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ADJUSTMENT]})

    reason: Line
    reason_code: Code | None = Field(
        default=None, description="UNCL5189 of an allowance (95), UNCL7161 of a charge (FC)"
    )
    amount: Price | None = None
    percent: Percent | None = Field(default=None, description="Instead of an amount")
    base_amount: Price | None = Field(
        default=None, description="What the percentage is of; the whole when left out"
    )

    def adjustment(self) -> Adjustment:
        """Return what its author states."""
        return Adjustment(**dict(self))


ALLOWANCE: dict[str, Any] = ADJUSTMENT | {"reason": "yearly turnover", "reason_code": "105"}
ALLOWANCE |= {"amount": None, "percent": "2", "tax_code": "DE-S"}


class AllowanceIn(LineAllowanceIn):
    """What is taken off an order."""

    model_config = ConfigDict(json_schema_extra={"examples": [ALLOWANCE]})

    tax_code: Code | None = Field(default=None, description="How it is taxed")


class ChargeIn(AllowanceIn):
    """What is put on an order."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [ADJUSTMENT | {"tax_code": "DE-S", "spread_by": "weight"}]}
    )

    spread_by: SpreadBy = Field(
        default=SpreadBy.VALUE, description="By what it falls on lines, for what they cost with it"
    )


MOST_ADJUSTMENTS = 100


class OrderLineIn(BaseModel):
    """A line as its author states it."""

    model_config = ConfigDict(extra="forbid")

    line_number: int | None = Field(
        default=None, ge=1, le=99_999, description="Its place in the list when left out", examples=[1]
    )
    item: ItemCode = Field(description="The buyer's item number", examples=["M8-HEX-40"])
    description: Line = Field(examples=["Hexagon bolt M8 × 40, zinc plated"])
    category: Code = Field(examples=["fasteners"])
    quantity: StatedQuantity = Field(examples=["2500"])
    unit: Code = Field(description="UN/ECE Recommendation 20 code", examples=["C62"])
    price: Price = Field(description="Per `price_base_quantity` units, up to six decimals", examples=["8.40"])
    price_base_quantity: StatedQuantity = Field(default=Decimal(1), examples=["100"])
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

    tax_code: Code | None = Field(default=None, description="How it is taxed", examples=["DE-S"])
    weight: StatedQuantity | None = Field(
        default=None, description="What all of it weighs, in kilograms, where a charge is spread by weight"
    )
    allowances: list[LineAllowanceIn] = Field(
        default=[], max_length=MOST_ADJUSTMENTS, description="Taken off it"
    )
    charges: list[LineAllowanceIn] = Field(default=[], max_length=MOST_ADJUSTMENTS, description="Put on it")

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
        return DraftLine(
            **vars(self)
            | {
                "line_number": self.line_number or place,
                "schedules": schedules,
                "allowances": tuple(one.adjustment() for one in self.allowances),
                "charges": tuple(one.adjustment() for one in self.charges),
            }
        )


LINE: dict[str, Any] = {name: views.LINE[name] for name in OrderLineIn.model_fields}


class TermsIn(BaseModel):
    """On what terms an order is, what it is for and what is taken off and put on, as its author states it."""

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
    allowances: list[AllowanceIn] = Field(
        default=[], max_length=MOST_ADJUSTMENTS, description="Taken off the whole of it", examples=[[]]
    )
    charges: list[ChargeIn] = Field(
        default=[], max_length=MOST_ADJUSTMENTS, description="Put on the whole of it", examples=[[]]
    )

    def terms(self) -> dict[str, Any]:
        """Return what its author states of it beside its lines."""
        return {name: getattr(self, name) for name in TermsIn.model_fields} | {
            "allowances": tuple(one.adjustment() for one in self.allowances),
            "charges": tuple(one.adjustment() for one in self.charges),
        }


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
        return DraftOrder(**vars(self) | self.terms() | {"lines": lines})


@router.post("", status_code=201, summary="Create a draft", responses={201: carries(ETAG, LOCATION)})
async def create_purchase_order(body: OrderIn, response: Response, tx: Tx, by: Author) -> Order:
    """Create a draft with its lines. It is bound to nothing until it is submitted, approved and issued."""
    created, draft, amounts = await commands.create_order(tx, body.draft())
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
