"""A broker that is new, or away: what is logged of it, and what readiness says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from shared.messaging.tests.orders import eventually, stream
from shared.messaging.tests.test_kafka import saw

from purveyor.http.health import NotReadyError
from purveyor_cli.kafka import RunningKafka
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.kafka_cluster import KafkaCluster


@pytest.fixture
def broker(start_kafka: Callable[..., RunningKafka]) -> Iterator[RunningKafka]:
    started = start_kafka()
    yield started
    started.stop()


async def test_a_new_broker_logs_no_errors_and_one_that_goes_makes_the_transport_unready(
    broker, database, event, ledger, caplog
):
    caplog.set_level(logging.INFO)
    stop, key = asyncio.Event(), str(uuid4())
    transport = KafkaTransport(KafkaCluster(broker.bootstrap_servers, topic_partitions=3))
    transport.subscribe(database, ledger.consumer)

    async def ready() -> bool:
        try:
            await transport.check()
        except NotReadyError as error:
            return event.topic not in str(error)
        return True

    async def unready() -> bool:
        return not await ready()

    assert await unready()
    running = asyncio.create_task(transport.run(stop))
    await transport.publish(stream(key, 1, 3, event))
    await eventually(lambda: saw(ledger, database, {key: [1, 2, 3]}))
    await eventually(ready)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []

    broker.process.kill()
    await eventually(unready)
    stop.set()
    await running
    await transport.close()
