from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, ClassVar
from uuid import uuid4

import asyncpg
import pytest
from shared.messaging.tests import orders
from shared.messaging.tests.orders import Grown, Ledger

from purveyor.db import Database

OpenDatabase = Callable[..., Awaitable[Database]]


@pytest.fixture
async def open_database(new_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[OpenDatabase]:
    """Open a fresh kernel database with the toy tables, or another pool on one that is there."""
    opened: list[Database] = []

    async def open_(url: str | None = None, **options: Any) -> Database:
        if url is None:
            url = await new_database("kernel")
            connection = await asyncpg.connect(url)
            await connection.execute(orders.TABLES)
            await connection.close()
        opened.append(Database(url, application_name="test", **options))
        return opened[-1]

    yield open_
    for database in opened:
        await database.close()


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
