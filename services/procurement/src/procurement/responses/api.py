"""Routes of answers to versions of orders."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Price, Quantity
from procurement.orders.api.drafts import WRITE
from procurement.orders.api.moves import Buyer
from procurement.orders.api.reads import READ
from procurement.orders.api.versions import Number
from procurement.orders.rules.drafts import MOST_LINES
from procurement.orders.views import OrderHeader, OrderHeaderForSupplier
from procurement.responses import commands, queries
from procurement.responses.rules import Answer, AnsweredLine, Decision, Reply, Substitute
from procurement.responses.views import (
    OrderResponse,
    OrderResponseForSupplier,
    OrderResponses,
    OrderResponsesForSupplier,
)
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.http.headers import ETAG, carries
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.texts import ItemCode, Line, Reference
from purveyor_contract.roles import Role

router = APIRouter(
    prefix="/v1/purchase-orders/{order_id}", tags=["purchase orders"], route_class=TransactionRoute
)
Answering = Annotated[Principal, requires(WRITE, Role.BUYER, Role.SUPPLIER)]


class Acknowledgement(BaseModel):
    """The supplier's confirmation."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"supplier_reference": "AB-2026-117"}]}
    )

    supplier_reference: Reference | None = Field(
        default=None, description="The supplier's number for the order"
    )


class SubstituteIn(BaseModel):
    """What the supplier would send instead."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"item": "M8-HEX-45", "description": "Hexagon bolt M8 × 45"}]},
    )

    item: ItemCode
    description: Line


class AnsweredLineIn(BaseModel):
    """What of a line, or of a schedule of it, is to be otherwise."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"line_number": 1, "schedule_number": 1, "promised_on": "2026-03-27"}]
        },
    )

    line_number: int = Field(ge=1, le=99_999)
    schedule_number: int | None = Field(
        default=None, ge=1, le=9_999, description="Left out where the line is its only schedule"
    )
    promised_on: Day | None = None
    quantity: Quantity | None = Field(default=None, description="Of the schedule")
    price: Price | None = Field(default=None, description="Per the line's `price_base_quantity`")
    substitute: SubstituteIn | None = None
    reason: Line | None = None

    def line(self) -> AnsweredLine:
        """Return what is said of the line."""
        substitute = Substitute(**vars(self.substitute)) if self.substitute else None
        return AnsweredLine(**vars(self) | {"substitute": substitute})


class OrderResponseIn(BaseModel):
    """What the supplier answers to a version."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "reply": "accepted_with_changes",
                    "supplier_reference": "AB-2026-117",
                    "lines": [
                        {
                            "line_number": 1,
                            "promised_on": "2026-03-27",
                            "reason": "the furnace is being repaired",
                        }
                    ],
                }
            ]
        },
    )

    reply: Reply
    supplier_reference: Reference | None = Field(
        default=None, description="The supplier's number for the order"
    )
    reason: Line | None = Field(default=None, description="Why it is rejected; else what there is to say")
    lines: list[AnsweredLineIn] = Field(
        default=[], max_length=MOST_LINES, description="What is to be otherwise, when accepted with changes"
    )

    def answer(self) -> Answer:
        """Return the answer."""
        return Answer(**vars(self) | {"lines": tuple(line.line() for line in self.lines)})


class DecisionIn(BaseModel):
    """Whether a change of the answer is taken."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"number": 1, "decision": "taken"}]}
    )

    number: int = Field(ge=1, le=100_000, description="The change's")
    decision: Literal["taken", "refused"]


class DecisionsIn(BaseModel):
    """Which changes of the answer are taken, and which are refused."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "response_id": "0199c0de-0000-7000-8000-0000000000e1",
                    "changes": [{"number": 1, "decision": "taken"}],
                    "reason": "the project is late, too",
                    "reason_for_supplier": "agreed",
                }
            ]
        },
    )

    response_id: UUID = Field(description="The answer's, as you saw it; after another one, that is told")
    changes: list[DecisionIn] = Field(min_length=1, max_length=5 * MOST_LINES)
    reason: Line
    reason_for_supplier: Line | None = Field(
        default=None, description="What the supplier is told of why; nothing when left out"
    )


@router.post(":acknowledge", summary="Acknowledge an order", responses={200: carries(ETAG)})
async def acknowledge_purchase_order(
    order_id: UUID,
    response: Response,
    tx: Tx,
    by: Answering,
    seen: IfMatch,
    body: Acknowledgement | None = None,
) -> OrderHeader | OrderHeaderForSupplier:
    """Accept an issued order as it is: its supplier does, or a buyer who has the supplier's word.

    It is the answer `accepted` to the version in force.
    """
    reference = body.supplier_reference if body else None
    order = await commands.acknowledge_order(tx, order_id, seen, by, reference)
    set_etag(response, order)
    return (OrderHeaderForSupplier if by.is_supplier else OrderHeader).of(order)


@router.post("/versions/{number}/response", status_code=201, summary="Answer a version of an order")
async def respond_to_purchase_order(
    order_id: UUID, number: Number, body: OrderResponseIn, tx: Tx, by: Answering
) -> OrderResponse | OrderResponseForSupplier:
    """Accept a version, accept it with changes, or reject it: its supplier does, or a buyer for it.

    What nobody has decided of an answer of before lapses. What the supplier accepted is not answered anew:
    its days are moved by promises, anything else by amendments. What a buyer accepted for
    it, it still answers.
    """
    response = await commands.respond(tx, order_id, number, by, body.answer())
    return (OrderResponseForSupplier if by.is_supplier else OrderResponse).of(response)


@router.get("/versions/{number}/responses", summary="Read what was answered to a version")
async def list_purchase_order_responses(
    order_id: UUID, number: Number, tx: Tx, by: Annotated[Principal, requires(READ, suppliers_too=True)]
) -> OrderResponses | OrderResponsesForSupplier:
    """Read all answers to a version, each with what was decided of it."""
    found = await queries.responses_for(tx, order_id, number, by)
    if by.is_supplier:
        return OrderResponsesForSupplier(items=[OrderResponseForSupplier.of(one) for one in found])
    return OrderResponses(items=[OrderResponse.of(one) for one in found])


@router.post("/versions/{number}/response:decide", summary="Take or refuse what a supplier answered")
async def decide_purchase_order_response(
    order_id: UUID, number: Number, body: DecisionsIn, tx: Tx, by: Buyer
) -> OrderResponse:
    """Take or refuse changes of the last answer to the version in force, each once.

    A day that is taken is promised by the supplier; quantities, prices and substitutes that are taken draft
    an amendment, which another approves: they are proposed until that is issued. Who recorded the answer for
    the supplier takes nothing of it. When other days are all that was answered, and all are taken, the
    version is accepted.
    """
    decisions = {one.number: Decision(one.decision) for one in body.changes}
    response = await commands.decide(
        tx, order_id, number, body.response_id, decisions, body.reason, body.reason_for_supplier
    )
    return OrderResponse.of(response)
