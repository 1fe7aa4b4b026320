"""`/healthz`, `/readyz` and `/metrics`: whether the process lives, can do its work, and its numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

import structlog
from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from purveyor.auth import public
from purveyor.clock import ClockError
from purveyor.db import Database
from purveyor.migrations import roles
from purveyor.migrations.applied import SchemaError
from purveyor.postgres import PoolerError
from purveyor.service import ServiceContext

log = structlog.get_logger(__name__)

CHECK_SECONDS = 3


class NotReadyError(Exception):
    """Something that the process needs does not work; readiness shows the sentence."""


Check: TypeAlias = Callable[[], Awaitable[None]]
"""Raises when something that the service needs does not work."""

router = APIRouter(tags=["operations"], dependencies=[Depends(public)])
numbers = APIRouter(tags=["operations"], dependencies=[Depends(public)])
"""What is public where `metrics_port` gives it no port of its own."""


@router.get("/healthz", response_description="The process is alive")
async def get_liveness() -> dict[str, str]:
    """Answer that the process is alive."""
    return {"status": "alive"}


@router.get(
    "/readyz",
    response_description="It can do its work",
    responses={503: {"description": "Not ready; the checks say why"}},
)
async def get_readiness(request: Request, response: Response) -> dict[str, str]:
    """Answer whether the service can do its work: database, migrations, and what else it needs."""
    checks: Mapping[str, Check] = request.app.state.checks
    outcomes = dict(zip(checks, await asyncio.gather(*map(_outcome, checks.values())), strict=True))
    ready = set(outcomes.values()) == {"ok"}
    if not ready:
        response.status_code = 503
        log.warning("not_ready", checks=outcomes)
    remarks = await _remarks(request.app.state.context) if ready else {}
    return {"status": "ready" if ready else "not ready"} | outcomes | remarks


async def _remarks(context: ServiceContext) -> dict[str, str]:
    """Return what a service can work with, and should not for long."""
    async with context.database.probe() as connection:
        return {"database_roles": "ok" if await roles.separated(connection) else roles.NOT_SEPARATED}


@numbers.get("/metrics", response_class=Response, response_description="The numbers, as text")
async def get_metrics(request: Request) -> Response:
    """Answer the service's numbers in Prometheus's text format."""
    context: ServiceContext = request.app.state.context
    return Response(generate_latest(context.metrics.registry), media_type=CONTENT_TYPE_LATEST)


async def _outcome(check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await check()
    except (SchemaError, ClockError, PoolerError, NotReadyError) as error:
        return str(error)
    except Exception as error:
        log.warning("check_failed", exc_info=error)
        return type(error).__name__
    return "ok"


def accepts_connections(addresses: str) -> Check:
    """Return a check that any of `host:port,host:port` accepts a connection."""

    async def check() -> None:
        failure: OSError | None = None
        for address in addresses.split(","):
            host, _, port = address.strip().rpartition(":")
            try:
                _, writer = await asyncio.open_connection(host, int(port))
            except OSError as error:
                failure = error
            else:
                writer.close()
                return
        raise failure or OSError("no address")

    return check


def answers(database: Database) -> Check:
    """Return a check that a database answers."""

    async def check() -> None:
        async with database.probe() as connection:
            await connection.fetchval("SELECT 1")

    return check


def checks_of(context: ServiceContext, others: Mapping[str, Check]) -> dict[str, Check]:
    """Return what a service checks before it says that it is ready."""

    async def clock() -> None:
        time = context.database.time
        async with context.database.probe() as connection:
            await time.look(connection)
        time.expect_the_machine_to_agree()

    return {
        "database": answers(context.database),
        "migrations": context.expect_schema,
        "clock": clock,
        **others,
    }
