"""Routes of amendments."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from procurement.amendments import commands, queries
from procurement.amendments.queries import AMENDMENTS
from procurement.amendments.rules import Proposal
from procurement.amendments.views import Amendment, AmendmentHeader
from procurement.orders.api.drafts import LINE, WRITE, Author, OrderLineIn, TermsIn
from procurement.orders.api.moves import StatedReason
from procurement.orders.api.reads import READ
from procurement.orders.rules.drafts import MOST_LINES, DraftLine
from procurement.orders.views.orders import TERMS
from purveyor.auth import Principal, requires
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code, Line
from purveyor_contract.roles import Role

router = APIRouter(
    prefix="/v1/purchase-orders/{order_id}/amendments", tags=["amendments"], route_class=TransactionRoute
)
Reader = Annotated[Principal, requires(READ)]
STATED: dict[str, Any] = {
    "based_on": 1,
    "reason": "the customer's project begins a week earlier",
    "reason_for_supplier": "we need it sooner",
    "site": "HAM-1",
    "business_unit": "drives",
    "cost_centre": "4711",
    **TERMS,
    "project": "P-17",
    "lines": [LINE | {"line_number": 1, "promised_on": "2026-03-13"}],
    "cancelled_lines": [],
}


class AmendmentIn(TermsIn):
    """What an order is to say next: all of it, but for what no amendment changes."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [STATED]})

    based_on: int = Field(ge=1, le=1_000_000, description="The version in force, which it amends")
    reason: Line
    reason_for_supplier: Line | None = Field(
        default=None,
        description="What the supplier is told of why, in its answers and events; nothing when left out",
    )
    site: Code
    business_unit: Code
    cost_centre: Code
    lines: list[OrderLineIn] = Field(
        min_length=1,
        max_length=MOST_LINES,
        description="All lines that the order is to have; those without a number are added",
    )
    cancelled_lines: list[Annotated[int, Field(ge=1, le=99_999)]] = Field(
        default_factory=list,
        max_length=MOST_LINES,
        description="The numbers of those lines of the order that it is no longer to have",
    )

    def proposal(self) -> Proposal:
        """Return what its author states."""
        return Proposal(
            **{name: getattr(self, name) for name in PROPOSED},
            stated=self.terms() | {name: getattr(self, name) for name in CHARGED},
            lines=self._numbered,
            cancelled_lines=tuple(dict.fromkeys(self.cancelled_lines)),
        )

    def _numbered(self, free: int) -> tuple[DraftLine, ...]:
        numbers = count(max(free, 1 + max((line.line_number or 0 for line in self.lines), default=0)))
        return tuple(line.line(line.line_number or next(numbers)) for line in self.lines)


PROPOSED = ("based_on", "reason", "reason_for_supplier")
CHARGED = ("site", "business_unit", "cost_centre")


@router.post("", status_code=201, summary="Draft an amendment", responses={201: carries(ETAG, LOCATION)})
async def create_amendment(
    order_id: UUID, body: AmendmentIn, response: Response, tx: Tx, by: Author
) -> Amendment:
    """Draft what an issued order is to say next: never below what has come of a line, no line forgotten.

    An order has one amendment at a time. Its supplier and its currency are of another order.
    """
    amendment = await commands.draft_amendment(tx, order_id, body.proposal())
    set_etag(response, amendment)
    response.headers["Location"] = f"/v1/purchase-orders/{order_id}/amendments/{amendment.id}"
    return Amendment.of(amendment)


@router.get("", summary="List an order's amendments")
async def list_amendments(
    order_id: UUID, tx: Tx, by: Reader, asked: Annotated[Listed, listed(AMENDMENTS, AmendmentHeader)]
) -> Page[AmendmentHeader]:
    """List an order's amendments, newest first unless another order is asked for."""
    found, amendable = await queries.amendments_of(tx, order_id, asked, by)
    return asked.page(found, partial(AmendmentHeader.of, amendable=amendable))


@router.get("/{amendment_id}", summary="Read an amendment", responses={200: carries(ETAG)})
async def get_amendment(
    order_id: UUID, amendment_id: UUID, response: Response, tx: Tx, by: Reader
) -> Amendment:
    """Read an amendment, with what it says otherwise than the version that it amends."""
    amendment, amendable = await queries.amendment_of(tx, order_id, amendment_id, by)
    set_etag(response, amendment)
    return Amendment.of(amendment, amendable=amendable)


@router.put("/{amendment_id}", summary="Change an amendment", responses={200: carries(ETAG)})
async def change_amendment(
    order_id: UUID,
    amendment_id: UUID,
    body: AmendmentIn,
    response: Response,
    tx: Tx,
    by: Author,
    seen: IfMatch,
) -> Amendment:
    """Replace what a draft says."""
    amendment = await commands.change_amendment(tx, order_id, amendment_id, seen, body.proposal())
    set_etag(response, amendment)
    return Amendment.of(amendment)


@router.post(
    "/{amendment_id}:submit", summary="Hand an amendment in for approval", responses={200: carries(ETAG)}
)
async def submit_amendment(
    order_id: UUID, amendment_id: UUID, response: Response, tx: Tx, by: Author, seen: IfMatch
) -> AmendmentHeader:
    """Hand a draft in for approval."""
    amendment = await commands.submit_amendment(tx, order_id, amendment_id, seen)
    set_etag(response, amendment)
    return AmendmentHeader.of(amendment)


@router.post("/{amendment_id}:approve", summary="Approve an amendment", responses={200: carries(ETAG)})
async def approve_amendment(
    order_id: UUID,
    amendment_id: UUID,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.APPROVER)],
    seen: IfMatch,
) -> AmendmentHeader:
    """Approve what an order is to say next.

    Nobody may who wrote any of the amendment or of the order, or onboarded its supplier or changed who it is.
    """
    amendment = await commands.approve_amendment(tx, order_id, amendment_id, seen)
    set_etag(response, amendment)
    return AmendmentHeader.of(amendment)


@router.post(
    "/{amendment_id}:return", summary="Return an amendment to its author", responses={200: carries(ETAG)}
)
async def return_amendment(
    order_id: UUID,
    amendment_id: UUID,
    body: StatedReason,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.APPROVER, Role.BUYER)],
    seen: IfMatch,
) -> AmendmentHeader:
    """Make a submitted or approved amendment a draft again, for its author to change."""
    amendment = await commands.return_amendment(tx, order_id, amendment_id, seen, body.reason)
    set_etag(response, amendment)
    return AmendmentHeader.of(amendment)


@router.post("/{amendment_id}:withdraw", summary="Withdraw an amendment", responses={200: carries(ETAG)})
async def withdraw_amendment(
    order_id: UUID,
    amendment_id: UUID,
    body: StatedReason,
    response: Response,
    tx: Tx,
    by: Author,
    seen: IfMatch,
) -> AmendmentHeader:
    """Give an amendment up: the order says what it said, and another may be drafted."""
    amendment = await commands.withdraw_amendment(tx, order_id, amendment_id, seen, body.reason)
    set_etag(response, amendment)
    return AmendmentHeader.of(amendment)


@router.post(
    "/{amendment_id}:issue", summary="Issue an amendment to the supplier", responses={200: carries(ETAG)}
)
async def issue_amendment(
    order_id: UUID,
    amendment_id: UUID,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.BUYER)],
    seen: IfMatch,
) -> AmendmentHeader:
    """Make an approved amendment the order's next version, as the order stands now.

    422 names what goods that came meanwhile speak against, and lines that the supplier is not approved for.
    """
    amendment = await commands.issue_amendment(tx, order_id, amendment_id, seen)
    set_etag(response, amendment)
    return AmendmentHeader.of(amendment)
