"""One API or one worker, run as `purveyor serve` runs it, that dies at the points where it is told to.

The product knows nothing of this: its database and transport are subclassed around the moments in question.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from prometheus_client import CollectorRegistry
from tests.integration.faults.points import Fault, Trigger

from purveyor.db import Database, Transaction
from purveyor.observability import ServiceMetrics, configure_logging
from purveyor.service import ServiceContext
from purveyor_cli.services import service_named
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.kafka import KafkaTransport

WROTE = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL"


@dataclass(frozen=True)
class Part:
    """One process of the platform."""

    name: str
    service: str
    settings: dict[str, Any]
    log: Path
    listener: socket.socket | None = None
    """Where an API listens; a worker has none."""


class MortalDatabase(Database):
    """A database whose transactions, where they wrote something, may be a process's last."""

    def __init__(self, trigger: Trigger, *, serves_requests: bool, **options: Any) -> None:
        super().__init__(**options)
        self._trigger = trigger
        self._serves_requests = serves_requests

    @asynccontextmanager
    async def transaction(self, *, reading: bool = False) -> AsyncIterator[Transaction]:
        wrote = False
        async with super().transaction(reading=reading) as transaction:
            yield transaction
            await transaction.flush()
            wrote = await transaction.connection.fetchval(WROTE)
            if wrote:
                self._passes(transaction, Fault.API_BEFORE_COMMIT, Fault.CONSUMER_BEFORE_COMMIT)
        if wrote:
            self._passes(transaction, Fault.API_AFTER_COMMIT, Fault.CONSUMER_AFTER_COMMIT)

    def _passes(self, transaction: Transaction, of_api: Fault, of_consumer: Fault) -> None:
        if self._serves_requests:
            self._trigger.passes(of_api)
        elif transaction.actor.startswith("consumer:"):
            self._trigger.passes(of_consumer)


class MortalTransport(KafkaTransport):
    """A transport that the relay may not outlive once the broker has acknowledged a batch."""

    trigger: Trigger

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        await super().publish(envelopes)
        self.trigger.passes(Fault.RELAY_BEFORE_MARK)


def live(part: Part, lifeline: Connection, last_words: Connection) -> None:
    """Run a part until it is killed."""
    with part.log.open("ab") as log:
        for standard_stream in (1, 2):
            os.dup2(log.fileno(), standard_stream)
    trigger = Trigger(lifeline, last_words)
    context = _context(part, trigger)
    configure_logging(part.name, context.settings)
    uvloop.run(_work(context, trigger) if part.listener is None else _serve(context, part.listener))


def _context(part: Part, trigger: Trigger) -> ServiceContext:
    settings = service_named(part.service).settings(**part.settings)
    database = MortalDatabase(
        trigger,
        serves_requests=part.listener is not None,
        url=settings.database_url.get_secret_value(),
        application_name=f"purveyor-{part.name}",
        pool_size=settings.database_pool_size,
        transaction_timeout=settings.transaction_timeout,
        settings=settings,
    )
    metrics = ServiceMetrics(CollectorRegistry(), database)
    return ServiceContext(part.service, settings, database, sealing=database, metrics=metrics)


async def _serve(context: ServiceContext, listener: socket.socket) -> None:
    app = service_named(context.name).create_app(context)
    await uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).serve([listener])


async def _work(context: ServiceContext, trigger: Trigger) -> None:
    transport = MortalTransport.from_settings(context.settings)
    transport.trigger = trigger
    worker = service_named(context.name).code().worker(context, transport)
    await worker.run(asyncio.Event())
