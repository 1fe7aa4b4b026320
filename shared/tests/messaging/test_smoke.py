import asyncio
from uuid import uuid4

from shared.tests.messaging.orders import ToyGrown, grow

from purveyor.messaging.consumer import Consumer, on
from purveyor.messaging.local import LocalTransport
from purveyor.messaging.relay import Relay


async def test_smoke(publisher_database, subscriber_database):
    seen = []

    async def handler(tx, event, envelope):
        seen.append((envelope.key, envelope.sequence))

    transport = LocalTransport()
    transport.subscribe(subscriber_database, Consumer("c", "toys.orders", (on(ToyGrown, handler),)))
    stop = asyncio.Event()
    relay = asyncio.create_task(Relay(publisher_database, "toys", transport).run(stop))
    ids = [uuid4() for _ in range(5)]
    for n in range(20):
        for id_ in ids:
            async with publisher_database.transaction() as tx:
                await grow(tx, id_, n)
    async with asyncio.timeout(5):
        while len(seen) < 100:
            await asyncio.sleep(0.01)
    stop.set()
    await relay
    assert all([s for k, s in seen if k == str(id_)] == list(range(1, 21)) for id_ in ids)
