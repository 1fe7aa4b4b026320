"""A consumer's process is killed: another has its partitions as soon as its session is over."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from shared.messaging.tests.orders import envelope, eventually, stream
from shared.messaging.tests.test_kafka import consuming

from purveyor.settings import Settings
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.kafka_cluster import KafkaCluster
from purveyor_messaging.kafka_publisher import KafkaPublisher, partition_of

SESSION = timedelta(seconds=3)
PARTITIONS = 3
MUCH_LESS_THAN_BEFORE = 20.0
"""A session was 30 seconds, whatever was set; a busy machine takes some for itself."""

MEMBER = """
import asyncio, sys
from datetime import timedelta
from shared.messaging.tests.orders import Grown, Ledger
from purveyor.db import Database
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.kafka_member import MemberOptions

url, servers, topic, name, session = sys.argv[1:]

class GrownHere(Grown):
    pass

GrownHere.topic = topic

async def main():
    options = MemberOptions(session_timeout=timedelta(seconds=float(session)))
    transport = KafkaTransport(servers, options=options)
    transport.subscribe(Database(url, application_name="doomed"), Ledger(name, GrownHere).consumer)
    await transport.run(asyncio.Event())

asyncio.run(main())
"""


async def test_a_killed_consumer_is_replaced_when_its_session_is_over(
    kafka_bootstrap_servers, database, event, ledger, tmp_path: Path
):
    script = tmp_path / "member.py"
    script.write_text(MEMBER)
    cluster = KafkaCluster(kafka_bootstrap_servers, topic_partitions=PARTITIONS)
    publisher = KafkaPublisher(cluster)
    keys = {partition_of(key.encode(), PARTITIONS): key for key in (str(uuid4()) for _ in range(64))}
    arguments = (database.url, kafka_bootstrap_servers, event.topic, ledger.name)
    await cluster.ensure_topics([event.topic])
    doomed = await asyncio.create_subprocess_exec(
        sys.executable,
        str(script),
        *arguments,
        str(SESSION.total_seconds()),
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
    )

    async def handled(last: int) -> bool:
        return await ledger.entries(database) == {key: list(range(1, last + 1)) for key in keys.values()}

    try:
        await publisher.publish([one for key in keys.values() for one in stream(key, 1, 1, event)])
        await eventually(lambda: handled(1))
        async with consuming(cluster, database, ledger.consumer, session_timeout=SESSION):
            await asyncio.sleep(1)
            doomed.kill()
            killed_at = time.monotonic()
            await publisher.publish([envelope(key, 2, event=event) for key in keys.values()])
            await eventually(lambda: handled(2))
            assert time.monotonic() - killed_at < MUCH_LESS_THAN_BEFORE
    finally:
        if doomed.returncode is None:
            doomed.kill()
        await doomed.wait()
        await publisher.close()


def test_a_session_lasts_as_long_as_the_settings_say():
    required = {"database_url": "postgresql:///toys", "oidc_issuer": "https://issuer.test"}
    settings = Settings(**required, kafka_bootstrap_servers="broker:9092")
    assert KafkaTransport.from_settings(settings)._options.session_timeout == timedelta(seconds=15)
    patient = settings.model_copy(update={"kafka_session_timeout": timedelta(seconds=40)})
    assert KafkaTransport.from_settings(patient)._options.session_timeout == timedelta(seconds=40)
