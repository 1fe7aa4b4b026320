"""Reaches the databases of services: those of a data folder, running or not, or the environment's."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from purveyor.db import Database
from purveyor.failures import is_unavailable
from purveyor.postgres import PoolerError
from purveyor.service import ServiceContext
from purveyor_cli import postgres
from purveyor_cli.errors import UnreachableError
from purveyor_cli.folder import DataFolder, Urls
from purveyor_cli.services import SERVICES, Service, service_named


@dataclass(frozen=True, slots=True)
class Reached:
    """A service and the context to work on its database with."""

    service: Service
    context: ServiceContext


@asynccontextmanager
async def reach(folder: DataFolder, service_name: str | None) -> AsyncIterator[list[Reached]]:
    """Yield the services asked for, with their databases.

    With `PURVEYOR_DATABASE_URL` set, as in a pod, it is one service; with `PURVEYOR_SOURCING_DATABASE_URL`
    and its like it is all of them (each may be a file, `…_FILE`); otherwise the data folder, whose embedded
    PostgreSQL is started for as long as this takes when the stack does not run.
    """
    async with AsyncExitStack() as cleanup:
        if urls := _urls_from_environment():
            reached = [
                Reached(service, context_from_environment(service, urls[service.name]))
                for service in SERVICES
                if service_name in (None, service.name)
            ]
        elif os.environ.get("PURVEYOR_DATABASE_URL") or os.environ.get("PURVEYOR_DATABASE_URL_FILE"):
            if service_name is None:
                raise UnreachableError(
                    "PURVEYOR_DATABASE_URL is the database of one service: name it with --service."
                )
            reached = [Reached(service := service_named(service_name), context_from_environment(service))]
        else:
            databases = await cleanup.enter_async_context(_databases(folder))
            issuer = folder.issuer()
            reached = [
                Reached(
                    service,
                    ServiceContext.create(
                        service.name,
                        service.settings(
                            **databases[service.name].settings,
                            **folder.audit_settings,
                            **folder.bank_settings(service.name),
                            database_pool_size=4,
                            oidc_issuer=issuer.url,
                            oidc_jwks_file=issuer.jwks_file,
                        ),
                    ),
                )
                for service in SERVICES
                if service_name in (None, service.name)
            ]
        for one in reached:
            cleanup.push_async_callback(one.context.database.close)
            await expect_no_pooler(one.context)
        yield reached


def _urls_from_environment() -> dict[str, str]:
    """Return the database of every service; raises UnreachableError when only some are named."""
    urls = {}
    for service in SERVICES:
        name = f"PURVEYOR_{service.name.replace('-', '_').upper()}_DATABASE_URL"
        file = os.environ.get(f"{name}_FILE")
        url = Path(file).read_text().strip() if file else os.environ.get(name)
        if url:
            urls[service.name] = url
        elif urls:
            raise UnreachableError(f"{name} is missing: name the databases of all services, or of none.")
    return urls


def context_from_environment(service: Service, database_url: str | None = None) -> ServiceContext:
    """Make a service's context from its environment; raises UnreachableError naming what is missing."""
    given = {} if database_url is None else {"database_url": database_url}
    try:
        return ServiceContext.create(service.name, service.settings(**given))
    except ValidationError as error:
        problems = "; ".join(
            ": ".join([*(f"PURVEYOR_{name}".upper() for name in problem["loc"]), problem["msg"]])
            for problem in error.errors()
        )
        raise UnreachableError(f"The settings of {service.name} are not complete: {problems}") from error
    except ValueError as error:
        raise UnreachableError(f"The settings of {service.name}: {error}") from error


async def expect_no_pooler(context: ServiceContext) -> None:
    """Raise UnreachableError when a pooler forgets what sessions are told; one that is away is waited for."""
    try:
        await context.database.expect_sessions()
    except PoolerError as error:
        raise UnreachableError(f"The database of {context.name}: {error}") from error
    except Exception as error:
        if not is_unavailable(error):
            raise


@asynccontextmanager
async def owning(context: ServiceContext) -> AsyncIterator[Database]:
    """Yield a service's database as the role that owns its tables, for what changes them."""
    database = Database(
        context.settings.migration_url,
        application_name=f"purveyor-{context.name}",
        pool_size=2,
        settings=context.settings,
    )
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def _databases(folder: DataFolder) -> AsyncIterator[Mapping[str, Urls]]:
    state = folder.state()
    if state is None or not state.databases:
        raise UnreachableError(
            f"No stack has run on the data folder {folder.path}: start one with `purveyor up`, "
            "or set PURVEYOR_DATABASE_URL and --service."
        )
    if folder.is_running() or not state.embedded:
        yield state.databases
        return
    with folder.lock():
        server = await asyncio.to_thread(postgres.start, folder.postgres)
        try:
            yield {service.name: server.urls_for(service.database) for service in SERVICES}
        finally:
            await asyncio.to_thread(server.stop)
