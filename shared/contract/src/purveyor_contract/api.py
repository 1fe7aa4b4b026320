"""The contract as every service answers it: the schemas that events name, and the page of all events."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from purveyor.auth import public
from purveyor.errors import NotFoundError
from purveyor.http.browser import PAGE_POLICY
from purveyor.texts import Reference
from purveyor_contract.asyncapi import DOCUMENT
from purveyor_contract.catalogue import PAGE
from purveyor_contract.schemas import published_events, schema_of
from purveyor_messaging.envelope import DEFAULT_SCHEMAS

MEDIA_TYPE = "application/schema+json"
YAML = "application/yaml"
"""RFC 9512."""
A_DAY = {"Cache-Control": "public, max-age=86400"}

router = APIRouter(tags=["operations"], dependencies=[Depends(public)])
EVENTS = {event.type_name(): event for event in published_events()}


@router.get("/schemas/{event_type}", include_in_schema=False)
async def event_schema(request: Request, event_type: Reference) -> JSONResponse:
    """Answer the JSON Schema of an event's data: what `dataschema` names resolves here."""
    event = EVENTS.get(event_type)
    if event is None:
        raise NotFoundError("event type", event_type)
    schema = schema_of(event, request.app.state.context.settings.schemas_url or DEFAULT_SCHEMAS)
    return JSONResponse(schema, media_type=MEDIA_TYPE, headers=A_DAY)


@router.get("/events", include_in_schema=False)
async def event_catalogue() -> HTMLResponse:
    """Answer the page of all events."""
    headers = A_DAY | {"Content-Security-Policy": PAGE_POLICY}
    return HTMLResponse(PAGE.read_text(encoding="utf-8"), headers=headers)


@router.get("/asyncapi.yaml", include_in_schema=False)
async def asyncapi_document() -> PlainTextResponse:
    """Answer the AsyncAPI document of all events, for generators and validators."""
    return PlainTextResponse(DOCUMENT.read_text(encoding="utf-8"), headers=A_DAY, media_type=YAML)
