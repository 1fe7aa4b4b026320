"""Alerts over HTTP: what rang, and what people do about it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Name, Prose
from purveyor_contract.roles import Role
from supplier_performance.alerts import store
from supplier_performance.alerts.commands import alerts as commands
from supplier_performance.alerts.model import Alert
from supplier_performance.alerts.views import AlertShown
from supplier_performance.suppliers import store as suppliers

router = APIRouter(prefix="/v1/alerts", tags=["alerts"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("performance:scores:read")]
Handler = Annotated[
    Principal,
    requires("performance:alerts:write", Role.BUYER, Role.CATEGORY_MANAGER, Role.QUALITY, Role.ADMIN),
]


class AlertAssignment(BaseModel):
    """Who is to see to an alert."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"owner": "bea.buyer"}]})

    owner: Name


class AlertSnooze(BaseModel):
    """How long an alert presses nobody."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"until": "2026-07-31"}]})

    until: Day = Field(description="The last day on which it presses nobody")


class AlertResolution(BaseModel):
    """What was done about an alert."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"resolution": "A second supplier is set up"}]}
    )

    resolution: Prose


@router.get("", summary="Alerts")
async def list_alerts(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.ALERTS, AlertShown)]
) -> Page[AlertShown]:
    """List what rang, the latest first unless another order is asked for."""
    found = await store.find_alerts(tx, asked)
    names = await suppliers.names(tx, list({alert.supplier_id for alert in found.rows}))
    return asked.page(found, lambda alert: AlertShown.of(alert, names[alert.supplier_id]))


@router.get("/{alert_id}", summary="An alert", responses={200: carries(ETAG)})
async def get_alert(alert_id: UUID, tx: Tx, by: Reader, response: Response) -> AlertShown:
    """Return an alert, with where the facts behind it are."""
    return await _shown(tx, await store.get(tx, alert_id), response)


@router.post("/{alert_id}:acknowledge", summary="Acknowledge an alert")
async def acknowledge_alert(
    alert_id: UUID, tx: Tx, by: Handler, seen: IfMatch, response: Response
) -> AlertShown:
    """Say that one has seen it, and sees to it where nobody else was named."""
    return await _shown(tx, await commands.acknowledge(tx, alert_id, seen), response)


@router.post("/{alert_id}:assign", summary="Assign an alert")
async def assign_alert(
    alert_id: UUID, tx: Tx, by: Handler, seen: IfMatch, body: AlertAssignment, response: Response
) -> AlertShown:
    """Hand it over to somebody."""
    return await _shown(tx, await commands.assign(tx, alert_id, seen, body.owner), response)


@router.post("/{alert_id}:snooze", summary="Snooze an alert")
async def snooze_alert(
    alert_id: UUID, tx: Tx, by: Handler, seen: IfMatch, body: AlertSnooze, response: Response
) -> AlertShown:
    """Let it press nobody until a day is over; meanwhile it makes no supplier one at risk."""
    return await _shown(tx, await commands.snooze(tx, alert_id, seen, body.until), response)


@router.post("/{alert_id}:resolve", summary="Resolve an alert")
async def resolve_alert(
    alert_id: UUID, tx: Tx, by: Handler, seen: IfMatch, body: AlertResolution, response: Response
) -> AlertShown:
    """Say what was done about it; it rings again once the KPI has recovered and is in breach anew."""
    return await _shown(tx, await commands.resolve(tx, alert_id, seen, body.resolution), response)


async def _shown(tx: Transaction, alert: Alert, response: Response) -> AlertShown:
    set_etag(response, alert)
    names = await suppliers.names(tx, [alert.supplier_id])
    return AlertShown.of(alert, names[alert.supplier_id])
