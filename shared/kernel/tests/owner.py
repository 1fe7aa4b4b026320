"""A toy database as its owner: for what nobody who runs a service may do."""

from contextlib import asynccontextmanager

import asyncpg


@asynccontextmanager
async def owner_of(toy):
    """Lend a connection of the role that migrates."""
    connection = await asyncpg.connect(toy.settings.migration_url)
    try:
        yield connection
    finally:
        await connection.close()
