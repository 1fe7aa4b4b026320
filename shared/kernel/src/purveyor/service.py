"""What a service runs with: its settings, its database, its clock, its numbers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from purveyor.clock import Clock
from purveyor.db import Database
from purveyor.failures import is_unavailable
from purveyor.migrations.applied import SchemaError, applied, expect_fit
from purveyor.migrations.shipped import shipped
from purveyor.observability import ServiceMetrics
from purveyor.process import growing_pauses, wait_or_stop
from purveyor.settings import Settings

log = structlog.get_logger(__name__)

SEALING_POOL_SIZE = 2


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """One service's settings, database and metrics, made once a process for its API and its worker."""

    name: str
    settings: Settings
    database: Database
    sealing: Database
    """The database as the role that seals the audit trail; the same one where duties are not separated."""
    metrics: ServiceMetrics

    @property
    def migrations(self) -> str:
        """The package that ships the service's migrations."""
        return f"{self.name.replace('-', '_')}.migrations"

    async def expect_schema(self) -> None:
        """Raise SchemaError unless the database has the schema of this code and is not too far ahead."""
        code = shipped(self.migrations)
        if code is not None:
            async with self.database.probe() as connection:
                expect_fit(code, await applied(connection))

    async def wait_for_schema(self, stop: asyncio.Event) -> None:
        """Wait until the database has the schema of this code, or until told to stop."""
        for pause in growing_pauses():
            try:
                await self.expect_schema()
            except SchemaError as error:
                log.warning("waits_for_its_schema", reason=str(error))
            except Exception as error:
                if not is_unavailable(error):
                    raise
                log.warning("waits_for_its_database", exc_info=error)
            else:
                return
            if await wait_or_stop(stop, pause):
                return

    @classmethod
    def create(cls, name: str, settings: Settings, clock: Clock | None = None) -> ServiceContext:
        """Make a service's context from its settings; connects lazily."""
        database = _database(name, settings, settings.database_url, clock, settings.database_pool_size)
        sealing = database
        if settings.sealing_database_url is not None:
            sealing = _database(name, settings, settings.sealing_database_url, clock, SEALING_POOL_SIZE)
            database.before_close.append(sealing.close)
        return cls(name, settings, database, sealing, ServiceMetrics(CollectorRegistry(), database))


def _database(name: str, settings: Settings, url: SecretStr, clock: Clock | None, pool_size: int) -> Database:
    return Database(
        url.get_secret_value(),
        application_name=f"purveyor-{name}",
        pool_size=pool_size,
        read_pool_size=settings.database_read_pool_size,
        transaction_timeout=settings.transaction_timeout,
        statement_timeout=settings.statement_timeout,
        lock_timeout=settings.lock_timeout,
        clock=clock,
        settings=settings,
    )
