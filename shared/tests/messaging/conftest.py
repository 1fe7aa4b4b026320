from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from shared.tests.messaging import orders

from purveyor.db import Database

OpenDatabase = Callable[..., Awaitable[Database]]


@pytest.fixture
async def open_database(new_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[OpenDatabase]:
    """Open a fresh kernel database with the toy tables; the same again when given its URL."""
    opened: list[Database] = []

    async def open_(url: str | None = None, **options: object) -> Database:
        if url is None:
            url = await new_database("kernel")
            connection = await asyncpg.connect(url)
            await connection.execute(orders.TABLES)
            await connection.close()
        database = Database(url, application_name="test", **options)
        opened.append(database)
        return database

    yield open_
    for database in opened:
        await database.close()


@pytest.fixture
async def publisher_database(open_database: OpenDatabase) -> Database:
    return await open_database()


@pytest.fixture
async def subscriber_database(open_database: OpenDatabase) -> Database:
    return await open_database()
