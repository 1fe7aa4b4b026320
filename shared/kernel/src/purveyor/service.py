"""What a service runs with: its settings, its database, its clock, its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from purveyor.db import Clock, Database, utc_now
from purveyor.observability import ServiceMetrics
from purveyor.settings import Settings


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """One service's settings, database and metrics, made once a process for its API and its worker."""

    name: str
    settings: Settings
    database: Database
    metrics: ServiceMetrics

    @property
    def migrations(self) -> str:
        """The package that ships the service's migrations."""
        return f"{self.name.replace('-', '_')}.migrations"

    @classmethod
    def create(cls, name: str, settings: Settings, clock: Clock = utc_now) -> ServiceContext:
        """Make a service's context from its settings; connects lazily."""
        database = Database(
            settings.database_url.get_secret_value(),
            application_name=f"purveyor-{name}",
            pool_size=settings.database_pool_size,
            read_pool_size=settings.database_read_pool_size,
            transaction_timeout=settings.transaction_timeout,
            statement_timeout=settings.statement_timeout,
            lock_timeout=settings.lock_timeout,
            clock=clock,
            settings=settings,
        )
        return cls(name, settings, database, ServiceMetrics(CollectorRegistry(), database))
