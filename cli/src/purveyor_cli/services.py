"""The services that this machine can run, listed one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI

    from purveyor.jobs import Chore, Job
    from purveyor.policies import Policy
    from purveyor.service import ServiceContext
    from purveyor.settings import Settings
    from purveyor_messaging.consumer import Consumer
    from purveyor_messaging.envelope import Event
    from purveyor_messaging.restating import Retelling
    from purveyor_messaging.transport import Transport
    from purveyor_messaging.worker import Worker

# A container runs one service, and most commands run none: each is imported when it is asked for.
# ruff: noqa: PLC0415


@dataclass(frozen=True, slots=True)
class Code:
    """What a service does beside answering requests: what its `worker.py` declares."""

    consumers: tuple[Consumer, ...]
    jobs: tuple[Job, ...]
    chores: tuple[Chore, ...]
    publishes: tuple[type[Event], ...]
    retells: tuple[Retelling, ...]

    def worker(self, context: ServiceContext, transport: Transport) -> Worker:
        """Return a worker that does all of it, its numbers among the context's."""
        from purveyor_messaging.metrics import MessagingMetrics
        from purveyor_messaging.worker import Worker

        return Worker(
            context,
            transport,
            publishes=self.publishes,
            consumers=self.consumers,
            jobs=self.jobs,
            chores=self.chores,
            metrics=MessagingMetrics(context.metrics.registry),
        )


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its name, where its migrations are, and how the local stack calls its things."""

    name: str
    migrations: str
    database: str
    port_offset: int
    settings: Callable[..., Settings]
    """Makes its settings; a command that works on a database needs no more of a service."""
    code: Callable[[], Code]
    create_app: Callable[[ServiceContext], FastAPI]
    """Builds its API: its routes take longer to import than all the rest, and a worker has none."""
    policies: Callable[[], tuple[Policy[Any], ...]]


def _sourcing_settings(**given: Any) -> Settings:
    from sourcing.settings import SourcingSettings

    return SourcingSettings(**given)


def _sourcing() -> Code:
    from sourcing import worker

    return Code(worker.CONSUMERS, worker.JOBS, worker.CHORES, worker.PUBLISHES, worker.RETELLS)


def _sourcing_api(context: ServiceContext) -> FastAPI:
    from sourcing.main import create_app

    return create_app(context)


def _sourcing_policies() -> tuple[Policy[Any], ...]:
    from sourcing.policies import POLICIES

    return POLICIES


def _procurement_settings(**given: Any) -> Settings:
    from procurement.settings import ProcurementSettings

    return ProcurementSettings(**given)


def _procurement() -> Code:
    from procurement import worker

    return Code(worker.CONSUMERS, worker.JOBS, worker.CHORES, worker.PUBLISHES, worker.RETELLS)


def _procurement_api(context: ServiceContext) -> FastAPI:
    from procurement.main import create_app

    return create_app(context)


def _procurement_policies() -> tuple[Policy[Any], ...]:
    from procurement.policies import POLICIES

    return POLICIES


def _supplier_performance_settings(**given: Any) -> Settings:
    from supplier_performance.settings import SupplierPerformanceSettings

    return SupplierPerformanceSettings(**given)


def _supplier_performance() -> Code:
    from supplier_performance import worker

    return Code(worker.CONSUMERS, worker.JOBS, worker.CHORES, worker.PUBLISHES, worker.RETELLS)


def _supplier_performance_api(context: ServiceContext) -> FastAPI:
    from supplier_performance.main import create_app

    return create_app(context)


def _supplier_performance_policies() -> tuple[Policy[Any], ...]:
    from supplier_performance.policies import POLICIES

    return POLICIES


SOURCING = Service(
    "sourcing",
    "sourcing.migrations",
    "purveyor_sourcing",
    0,
    _sourcing_settings,
    _sourcing,
    _sourcing_api,
    _sourcing_policies,
)
PROCUREMENT = Service(
    "procurement",
    "procurement.migrations",
    "purveyor_procurement",
    1,
    _procurement_settings,
    _procurement,
    _procurement_api,
    _procurement_policies,
)
PERFORMANCE = Service(
    "supplier-performance",
    "supplier_performance.migrations",
    "purveyor_supplier_performance",
    2,
    _supplier_performance_settings,
    _supplier_performance,
    _supplier_performance_api,
    _supplier_performance_policies,
)
SERVICES = (SOURCING, PROCUREMENT, PERFORMANCE)
SERVICE_NAMES = tuple(service.name for service in SERVICES)


def service_named(name: str) -> Service:
    """Return a service; raises ValueError naming those that there are."""
    for service in SERVICES:
        if service.name == name:
            return service
    raise ValueError(f"There is no service {name!r}; there are {', '.join(SERVICE_NAMES)}.")
