"""What carries events between the services that a command has reached."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from purveyor_cli.errors import UnreachableError
from purveyor_cli.folder import DataFolder
from purveyor_cli.reach import Reached, reach
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.local import LocalTransport
from purveyor_messaging.transport import Transport


def carrier_of(reached: Sequence[Reached], one: Reached, kafka: str | None) -> Transport:
    """Return a transport for a service's events: Kafka, or the subscribers themselves when all are reached.

    Raises UnreachableError when there is neither.
    """
    settings = one.context.settings
    if kafka is not None:
        settings = settings.model_copy(update={"kafka_bootstrap_servers": kafka})
    if settings.kafka_bootstrap_servers is not None:
        return KafkaTransport.from_settings(settings)
    if len(reached) == 1:
        raise UnreachableError(
            "Without Kafka the subscribers are in one process: run this where `purveyor up` runs."
        )
    local = LocalTransport()
    for each in reached:
        for consumer in each.service.code().consumers:
            local.subscribe(each.context.database, consumer)
    return local


@asynccontextmanager
async def publishing(folder: DataFolder, service: str) -> AsyncIterator[tuple[Reached, Transport]]:
    """Yield a service and what carries its events to all who listen."""
    state = folder.state()
    in_pod = state is None or not state.databases
    async with reach(folder, service if in_pod else None) as reached:
        one = next(each for each in reached if each.service.name == service)
        transport = carrier_of(reached, one, state.kafka if state is not None else None)
        try:
            yield one, transport
        finally:
            await transport.close()
