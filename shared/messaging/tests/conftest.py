from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, ClassVar
from uuid import uuid4

import asyncpg
import pytest
from shared.messaging.tests import orders
from shared.messaging.tests.orders import Grown, Ledger

from purveyor.db import Database
from purveyor.migrations.run import upgrade
from purveyor.testing.databases import Databases

OpenDatabase = Callable[..., Awaitable[Database]]


@pytest.fixture
async def open_database(databases: Databases) -> AsyncIterator[OpenDatabase]:
    """Open an empty database with the toy tables, or another pool on one that is there."""
    async with AsyncExitStack() as cleanup:

        async def open_(url: str | None = None, **options: Any) -> Database:
            if url is None:
                url = await cleanup.enter_async_context(databases.lent("orders", make_tables))
            opened = Database(url, application_name="test", **options)
            cleanup.push_async_callback(opened.close)
            return opened

        yield open_


async def make_tables(url: str) -> None:
    await upgrade(url, "purveyor_messaging.migrations")
    connection = await asyncpg.connect(url)
    await connection.execute(orders.TABLES)
    await connection.close()


@pytest.fixture
async def database(open_database: OpenDatabase) -> Database:
    return await open_database()


@pytest.fixture
def event() -> type[Grown]:
    """A toy event on a topic of its own."""
    topic_ = f"toys.{uuid4().hex}"

    class GrownHere(Grown):
        topic: ClassVar[str] = topic_

    return GrownHere


@pytest.fixture
def ledger(event: type[Grown]) -> Ledger:
    return Ledger(f"ledger.{event.topic}", event)
