"""Events over HTTP: the ordered log for systems without Kafka, and parked events for operators."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi import Path as PathParameter
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import ADMIN, Principal, requires
from purveyor.http import app as http
from purveyor.http.health import Check
from purveyor.http.pages import Paging, link_next
from purveyor.http.problems import MEDIA_TYPE
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.refusals import Refusal
from purveyor.service import ServiceContext
from purveyor.texts import Reference, Why
from purveyor_messaging import epochs, feed, parked, recovery, supplier_feed
from purveyor_messaging.cloudevents import CloudEvent, attributes_of
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import DEFAULT_SCHEMAS, Event, dataschema
from purveyor_messaging.refusals import REFUSALS
from purveyor_messaging.supplier_feed import EventPageForSupplier

router = APIRouter(prefix="/v1", tags=["events"], route_class=TransactionRoute)

MOST_EVENTS = 1_000
ORDER = "id"
TAGS = {"events": "What the service has told, in order, and what it could not apply"}
_PROBLEM = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
ARCHIVED: dict[str, Any] = _PROBLEM | {
    "description": "What was asked for is archived; `begins_at` is the position at which the log begins"
}
OF_ANOTHER_EPOCH: dict[str, Any] = _PROBLEM | {
    "description": "The position is of an epoch that is over; `after` is where to read on"
}

ParkedId = Annotated[int, PathParameter(ge=1, lt=2**63)]
Reader = Annotated[Principal, requires("events:read", suppliers_too=True)]
Operator = Annotated[Principal, requires("events:operate", ADMIN)]


class LoggedEvent(BaseModel):
    """An event, and its place in this service's log."""

    position: int = Field(description="Its place in the order of publication; never changes", examples=[42])
    topic: str = Field(examples=["procurement.orders"])
    event: CloudEvent


class EventPage(BaseModel):
    """A stretch of the log."""

    items: list[LoggedEvent]
    next_after: int = Field(description="Ask with this `after` for what follows", examples=[42])
    last_position: int = Field(description="The position published last", examples=[42])
    epoch: int = Field(description="The incarnation of the log; ask with it next time", examples=[1])


class ParkedEventOut(BaseModel):
    """An event that could not be applied, or that waits behind one."""

    id: int = Field(examples=[7])
    consumer: str = Field(examples=["procurement.suppliers"])
    reason: parked.Reason = Field(
        description="gap: events before it are missing; failed: see error; waiting: what held it up may "
        "pass, and it is tried again by itself; forked: it does not follow on what was applied; "
        "behind: an earlier one of its stream is parked; unreadable: not an event of ours"
    )
    event_id: UUID
    type: str = Field(examples=["purveyor.sourcing.SupplierApproved.v1"])
    source: str = Field(examples=["sourcing"])
    topic: str = Field(examples=["sourcing.suppliers"])
    subject: str = Field(description="The key of its stream")
    sequence: int = Field(examples=[4])
    time: datetime
    attempts: int = Field(description="How often it was tried; a few seconds count as once", examples=[1])
    parked_at: datetime
    retry_at: datetime | None = Field(
        default=None, description="When it is tried again by itself, if it waits", examples=[None]
    )
    error: str | None = Field(examples=["KeyError: 'colour'"])
    data: str = Field(description="Its content as it came")


class ParkedEventRetry(BaseModel):
    """How to try a parked event again."""

    model_config = ConfigDict(extra="forbid")

    accept_gap: bool = Field(
        default=False, description="Give up the events missing before it", examples=[False]
    )
    accept_fork: bool = Field(
        default=False,
        description="Apply it although it does not follow on what was applied",
        examples=[False],
    )


class ParkedEventDrop(BaseModel):
    """Why an event is given up."""

    model_config = ConfigDict(extra="forbid")

    reason: Why = Field(examples=["Its supplier was deleted by hand"])
    accept_gap: bool = Field(
        default=False, description="Give up the events missing before it", examples=[False]
    )


class ParkedEventDecision(BaseModel):
    """What came of it."""

    outcome: Literal["applied", "failed", "dropped"]
    released: int = Field(description="Events behind it that were applied too", examples=[2])
    error: str | None = Field(default=None, examples=[None])


@router.get("/events", responses={409: OF_ANOTHER_EPOCH, 410: ARCHIVED})
async def list_events(
    request: Request,
    tx: Tx,
    by: Reader,
    after: Annotated[
        int, Query(ge=0, lt=2**62, description="The position that you have read up to; 0 from the beginning")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS, description="How many events at most")] = 100,
    epoch: Annotated[
        int | None, Query(ge=1, lt=2**31, description="The epoch of the page that you have `after` from")
    ] = None,
) -> EventPage | EventPageForSupplier:
    """Read the event log in the order of publication; keep `next_after` and `epoch`, and ask again.

    A supplier reads what happened to its own things, and of that what it is told: at most 5,000 positions are
    looked through at once, so a page may be empty before `up_to_date` is true.

    Positions of an epoch that is over mean other events once its database was restored: 409 `epoch_changed`
    says from where on to read again.
    """
    now = await epochs.check_position(tx.connection, after, epoch)
    context: ServiceContext = request.app.state.context
    if by.supplier_id is not None:
        told = request.app.state.told_to_suppliers
        own, reached, up_to_date = await supplier_feed.read(
            tx.connection, context.name, by.supplier_id, told, after, limit
        )
        return EventPageForSupplier(items=own, next_after=reached, up_to_date=up_to_date, epoch=now)
    events = await feed.read(tx.connection, context.name, after, limit)
    schemas = context.settings.schemas_url or DEFAULT_SCHEMAS
    return EventPage(
        items=[_published(event, schemas) for event in events],
        next_after=events[-1].position if events else after,
        last_position=await feed.last_position(tx.connection),
        epoch=now,
    )


@router.get("/parked-events")
async def list_parked_events(
    request: Request,
    response: Response,
    tx: Tx,
    by: Operator,
    page: Paging,
    consumer: Annotated[
        Reference | None, Query(description="Of which consumer", examples=["procurement.suppliers"])
    ] = None,
) -> Page[ParkedEventOut]:
    """List parked events in the order in which they were parked."""
    after = page.after(f"{ORDER},{consumer}", int)
    rows = await parked.listed(
        tx.connection,
        consumer=consumer,
        after=int(str(after[0])) if after else 0,
        limit=page.limit + 1,
    )
    order = f"{ORDER},{consumer}"
    shown = page.of(rows, order, lambda event: (event.id,), _parked_event_out)
    link_next(request, response, shown.next_cursor)
    return shown


@router.post("/parked-events/{parked_id}:retry")
async def retry_parked_event(
    request: Request, tx: Tx, by: Operator, parked_id: ParkedId, how: ParkedEventRetry | None = None
) -> ParkedEventDecision:
    """Apply the first parked event of a stream again, and those behind it when it succeeds."""
    how = how or ParkedEventRetry()
    result = await recovery.retry(
        tx,
        request.app.state.consumers,
        parked_id,
        accept_gap=how.accept_gap,
        accept_fork=how.accept_fork,
    )
    outcome: Literal["applied", "failed"] = "failed" if result.error else "applied"
    return ParkedEventDecision(outcome=outcome, released=result.released, error=result.error)


@router.post("/parked-events/{parked_id}:drop")
async def drop_parked_event(
    request: Request, tx: Tx, by: Operator, parked_id: ParkedId, why: ParkedEventDrop
) -> ParkedEventDecision:
    """Give up the first parked event of a stream, as if it had been handled; those behind it go on."""
    result = await recovery.drop(
        tx, request.app.state.consumers, parked_id, reason=why.reason, accept_gap=why.accept_gap
    )
    return ParkedEventDecision(outcome="dropped", released=result.released)


def _published(published: feed.PublishedEvent, schemas: str) -> LoggedEvent:
    envelope = published.envelope
    return LoggedEvent(
        position=published.position,
        topic=envelope.topic,
        event=CloudEvent(
            **attributes_of(envelope),
            dataschema=dataschema(envelope.type, schemas),
            streamsequence=str(envelope.sequence),
            streamprevious=envelope.previous,
            streamepoch=str(envelope.epoch),
            traceparent=envelope.traceparent,
            data=json.loads(envelope.data),
        ),
    )


def _parked_event_out(event: parked.ParkedEvent) -> ParkedEventOut:
    envelope = event.envelope
    return ParkedEventOut(
        id=event.id,
        consumer=event.consumer,
        reason=event.reason,
        event_id=envelope.id,
        type=envelope.type,
        source=envelope.source,
        topic=envelope.topic,
        subject=envelope.key,
        sequence=envelope.sequence,
        time=envelope.time,
        attempts=event.attempts,
        parked_at=event.parked_at,
        retry_at=event.retry_at,
        error=event.error,
        data=envelope.data.decode(errors="replace"),
    )


def build_app(
    context: ServiceContext,
    routers: Sequence[APIRouter],
    *,
    title: str,
    description: str,
    consumers: Sequence[Consumer] = (),
    publishes: tuple[type[Event], ...] = (),
    checks: Mapping[str, Check] | None = None,
    tags: Mapping[str, str] | None = None,
    refusals: Sequence[Refusal] = (),
) -> FastAPI:
    """Build a service's API with its event log and parked events; `consumers` are those that it may retry.

    Of what it `publishes`, suppliers read in its log what the events' classes tell them.
    """
    app = http.build_app(
        context,
        (*routers, router),
        title=title,
        description=description,
        checks=checks,
        tags=TAGS | dict(tags or {}),
        refusals=(*REFUSALS, *refusals),
    )
    app.state.consumers = tuple(consumers)
    app.state.told_to_suppliers = supplier_feed.tellings(publishes)
    return app
