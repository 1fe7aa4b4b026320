"""Publishes what tests of the services have recorded, so that it can be read in their logs."""

from __future__ import annotations

import asyncio

from shared.messaging.tests.orders import eventually

from purveyor.db import Database
from purveyor_messaging import feed
from purveyor_messaging.local import LocalTransport
from purveyor_messaging.relay import Relay


async def publish_all(database: Database, source: str) -> None:
    """Publish all that is in a log; nobody listens."""
    stop = asyncio.Event()
    relay = asyncio.create_task(Relay(database, source, LocalTransport()).run(stop))
    await eventually(lambda: _all_is_published(database))
    stop.set()
    await relay


async def _all_is_published(database: Database) -> bool:
    async with database.connection() as connection:
        recorded: int = await connection.fetchval("SELECT count(*) FROM outbox")
        return await feed.last_position(connection) == recorded
