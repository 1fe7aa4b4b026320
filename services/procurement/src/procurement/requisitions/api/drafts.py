"""Routes of requisitions as their authors state them, and as everybody reads them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Price, Share, StatedQuantity
from procurement.requisitions import commands, queries
from procurement.requisitions.model import Requisition as RequisitionRow
from procurement.requisitions.queries import REQUISITIONS
from procurement.requisitions.rules.stated import (
    MOST_ASSIGNMENTS,
    MOST_LINES,
    Assignment,
    LineKind,
    PriceSource,
    Request,
    RequestedLine,
)
from procurement.requisitions.views import LINE, SHARES, STATED, Requisition, RequisitionHeader
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode
from purveyor.pages import Page
from purveyor.texts import Code, ItemCode, Line, Prose, Reference
from purveyor_contract.roles import Role

READ, WRITE = "procurement:requisitions:read", "procurement:requisitions:write"
Reader = Annotated[Principal, requires(READ)]
Author = Annotated[Principal, requires(WRITE, Role.REQUESTER, Role.BUYER)]

router = APIRouter(prefix="/v1/requisitions", tags=["requisitions"], route_class=TransactionRoute)


class AssignmentIn(BaseModel):
    """To what a share of a line is charged."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SHARES[0]]})

    cost_centre: Code
    project: Code | None = Field(default=None, description="What it is for")
    share: Share = Field(
        default=Decimal(100), description="In percent; those of a line add up to 100, exactly"
    )


class LineContentIn(BaseModel):
    """What a line asks for, as its author states it."""

    model_config = ConfigDict(extra="forbid")

    line_number: int | None = Field(
        default=None, ge=1, le=99_999, description="Its place in the list when left out"
    )
    kind: LineKind = LineKind.ITEM
    item: ItemCode | None = Field(default=None, description="Of the kind item: its code; else none")
    description: Line
    category: Code
    quantity: StatedQuantity
    unit: Code = Field(description="UN/ECE Recommendation 20 code")
    site: Code = Field(description="Where it is needed")
    price: Price = Field(description="Estimated, per `price_base_quantity` units, up to six decimals")
    price_base_quantity: StatedQuantity = Decimal(1)
    price_source: PriceSource = Field(
        default=PriceSource.ESTIMATE, description="Where the estimate comes from"
    )
    supplier_id: UUID | None = Field(default=None, description="Suggested; the buyer decides")
    justification: Prose | None = None
    assignments: list[AssignmentIn] = Field(min_length=1, max_length=MOST_ASSIGNMENTS)

    def content(self, place: int) -> dict[str, Any]:
        """Return what its author states, numbered by its place when it has no number."""
        shares = tuple(Assignment(**dict(one)) for one in self.assignments)
        return vars(self) | {"line_number": self.line_number or place, "assignments": shares}


class RequisitionLineIn(LineContentIn):
    """A line as its author states it."""

    model_config = ConfigDict(json_schema_extra={"examples": [LINE]})

    need_by: Day = Field(description="The last day on which it is of use, at the site")


class RequisitionIn(BaseModel):
    """A requisition as its author states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [STATED | {"lines": [LINE]}]})

    title: Line
    business_unit: Code
    currency: CurrencyCode = Field(description="In which the prices are estimated")
    justification: Prose | None = None
    requested_for: Reference | None = Field(
        default=None, description="Who needs it, where that is not its author"
    )
    lines: list[RequisitionLineIn] = Field(min_length=1, max_length=MOST_LINES)

    def request(self) -> Request:
        """Return what its author states."""
        lines = [RequestedLine(**line.content(place)) for place, line in enumerate(self.lines, start=1)]
        return Request(**vars(self) | {"lines": tuple(lines)})


class NeededBy(BaseModel):
    """By when it is needed this time."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"need_by": "2026-04-17"}]})

    need_by: Day | None = Field(default=None, description="Of every line; as it was said when left out")


@router.post("", status_code=201, summary="Draft a requisition", responses={201: carries(ETAG, LOCATION)})
async def create_requisition(body: RequisitionIn, response: Response, tx: Tx, by: Author) -> Requisition:
    """Draft what is needed; nothing is asked of anybody until it is submitted."""
    return created(response, await commands.create_requisition(tx, body.request()))


@router.get("", summary="List requisitions")
async def list_requisitions(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(REQUISITIONS, RequisitionHeader)]
) -> Page[RequisitionHeader]:
    """List requisitions, newest first unless another order is asked for."""
    return asked.page(await queries.find_requisitions(tx, asked), RequisitionHeader.of)


@router.get("/{requisition_id}", summary="Read a requisition", responses={200: carries(ETAG)})
async def get_requisition(requisition_id: UUID, response: Response, tx: Tx, by: Reader) -> Requisition:
    """Read a requisition: of each line what is requested, ordered and open, and what came."""
    return shown(response, await queries.requisition(tx, requisition_id))


@router.put("/{requisition_id}", summary="Change a requisition", responses={200: carries(ETAG)})
async def change_requisition(
    requisition_id: UUID, body: RequisitionIn, response: Response, tx: Tx, by: Author, seen: IfMatch
) -> Requisition:
    """Replace what a draft, or one that was returned, says; who does is an author of it."""
    return shown(response, await commands.change_requisition(tx, requisition_id, seen, body.request()))


@router.post(
    "/{requisition_id}:copy",
    status_code=201,
    summary="Copy a requisition",
    responses={201: carries(ETAG, LOCATION)},
)
async def copy_requisition(
    requisition_id: UUID, body: NeededBy, response: Response, tx: Tx, by: Author
) -> Requisition:
    """Draft what another requisition says; whoever copies it is the author of the copy, alone."""
    return created(response, await commands.copy_requisition(tx, requisition_id, body.need_by))


def created(response: Response, requisition: RequisitionRow) -> Requisition:
    """Show a requisition that was drafted, and where it is."""
    response.headers["Location"] = f"/v1/requisitions/{requisition.id}"
    return shown(response, requisition)


def shown(response: Response, requisition: RequisitionRow) -> Requisition:
    """Show a requisition as it is now."""
    set_etag(response, requisition)
    return Requisition.of(requisition)
