"""Routes of the intake: one door for every need."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Price, StatedQuantity
from procurement.intake import commands, queries
from procurement.intake.model import StatedNeed
from procurement.intake.queries import NEEDS
from procurement.intake.rules import IntakeRoutes, Needed
from procurement.intake.views import NEED, NeedAnswered, NeedOnItsWay, RouteOfNeed
from procurement.requisitions.rules.stated import LineKind
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode
from purveyor.pages import Page
from purveyor.texts import Code, ItemCode, Line, Reference
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1", tags=["intake"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:requisitions:read")]
Author = Annotated[Principal, requires("procurement:requisitions:write", Role.REQUESTER, Role.BUYER)]


class NeedIn(BaseModel):
    """What somebody needs, as they say it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [NEED]})

    title: Line = Field(description="What it is")
    kind: LineKind = LineKind.FREE_TEXT
    item: ItemCode | None = Field(default=None, description="Of the kind item: its code; else none")
    category: Code
    quantity: StatedQuantity
    unit: Code = Field(description="UN/ECE Recommendation 20 code")
    value: Price = Field(description="What all of it is worth about")
    currency: CurrencyCode
    need_by: Day = Field(description="The last day on which it is of use, at the site")
    site: Code = Field(description="Where it is needed")
    business_unit: Code
    cost_centre: Code = Field(description="To which it is charged")
    supplier_id: UUID | None = Field(default=None, description="Suggested")
    requested_for: Reference | None = Field(
        default=None, description="Who needs it, where that is not who says so"
    )

    def needed(self) -> Needed:
        """Return what is needed."""
        return Needed(**{name: getattr(self, name) for name in Needed.__slots__})


class SimulatedNeedIn(NeedIn):
    """What somebody might need, and by which table its way is to be chosen."""

    model_config = ConfigDict(json_schema_extra={"examples": [NEED | {"table": None}]})

    table: IntakeRoutes | None = Field(default=None, description="The one in force when left out")


@router.post(
    "/intake", status_code=201, summary="Say what is needed", responses={201: carries(ETAG, LOCATION)}
)
async def state_need(body: NeedIn, response: Response, tx: Tx, by: Author) -> NeedAnswered:
    """Say what is needed, and be told which way it goes, why, and who decides on the way.

    Nothing is created but the note of it; starting it creates its document.
    """
    stated, routed = await commands.state_need(tx, body.needed())
    response.headers["Location"] = f"/v1/intake/{stated.id}"
    set_etag(response, stated)
    return NeedAnswered.answering(stated, (await queries.standings(tx, [stated]))[stated.id], routed)


@router.post("/intake:simulate", summary="Ask which way a need would go")
async def simulate_need(body: SimulatedNeedIn, tx: Tx, by: Author) -> RouteOfNeed:
    """Ask which way a need would go, by the table in force or by another; nothing is written."""
    return RouteOfNeed.of(await commands.route(tx, body.needed(), body.table))


@router.get("/intake", summary="List needs")
async def list_needs(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(NEEDS, NeedOnItsWay)]
) -> Page[NeedOnItsWay]:
    """List which needs went which way, newest first unless another order is asked for."""
    found = await queries.find_needs(tx, asked)
    standings = await queries.standings(tx, found.rows)

    def shown(stated: StatedNeed) -> NeedOnItsWay:
        return NeedOnItsWay.of(stated, standings[stated.id])

    return asked.page(found, shown)


@router.get("/intake/{need_id}", summary="Read a need", responses={200: carries(ETAG)})
async def get_need(need_id: UUID, response: Response, tx: Tx, by: Reader) -> NeedOnItsWay:
    """Read a need: which way it was told to go, and where it stands until it is fulfilled."""
    return await _shown(tx, response, await queries.need(tx, need_id))


@router.post("/intake/{need_id}:start", summary="Start the way of a need", responses={200: carries(ETAG)})
async def start_need(need_id: UUID, response: Response, tx: Tx, by: Author, seen: IfMatch) -> NeedOnItsWay:
    """Create what its way begins with, as your own: a call-off of the blanket order, or a requisition.

    Of a way that looks for a supplier first the requisition's line is marked for sourcing.
    """
    return await _shown(tx, response, await commands.start_need(tx, need_id, seen))


async def _shown(tx: Transaction, response: Response, stated: StatedNeed) -> NeedOnItsWay:
    set_etag(response, stated)
    return NeedOnItsWay.of(stated, (await queries.standings(tx, [stated]))[stated.id])
