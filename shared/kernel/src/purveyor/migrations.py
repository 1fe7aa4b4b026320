"""A service's schema: alembic migrations shipped in its package, run by any number of pods at once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any

from alembic import command, context
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as SQLAlchemyConnection
from sqlalchemy import MetaData, NullPool, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from purveyor.db import Connection

MIGRATION_LOCK = 0x50_55_52_56_45_59_4F_52
LOCK_POLL_SECONDS = 0.1
LOCK_TIMEOUT = "10s"
"""A migration that cannot get a table's lock gives up rather than make every query queue behind it."""


def run_from_env(metadata: MetaData) -> None:
    """Run what alembic was asked for; a service's `env.py` is this call with its own metadata."""
    connection: SQLAlchemyConnection | None = context.config.attributes.get("connection")
    if connection is not None:
        _run(connection, metadata)
    else:
        url = os.environ["PURVEYOR_DATABASE_URL"]
        asyncio.run(_with_connection(url, lambda opened: _run(opened, metadata)))


def _run(connection: SQLAlchemyConnection, metadata: MetaData) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=belongs_to_service,
        transaction_per_migration=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def belongs_to_service(_object: Any, _name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Whether autogenerate should look at a thing: unmapped tables are not the service's."""
    return not (kind == "table" and reflected and other is None)


async def upgrade(database_url: str, package: str) -> None:
    """Bring a database to the newest schema of a package such as `procurement.migrations`.

    Several may run at once: one migrates, the others wait for it and find nothing left to do.
    """

    def run(connection: SQLAlchemyConnection) -> None:
        config = _config(package)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    await _with_connection(database_url, run)


async def _with_connection(database_url: str, run: Callable[[SQLAlchemyConnection], None]) -> None:
    engine = create_async_engine(
        make_url(database_url).set(drivername="postgresql+asyncpg"), poolclass=NullPool
    )
    async with engine.connect() as connection:
        # Polled: a statement that waits holds a snapshot, and CREATE INDEX CONCURRENTLY would wait for it.
        while not await connection.scalar(
            text("SELECT pg_try_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK}
        ):
            await connection.rollback()
            await asyncio.sleep(LOCK_POLL_SECONDS)
        await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        await connection.commit()
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


@cache
def head(package: str) -> str | None:
    """Return the newest revision that a package ships; None when it ships no migrations."""
    parent = package.partition(".")[0]
    if find_spec(parent) is None or find_spec(package) is None:
        return None
    return ScriptDirectory.from_config(_config(package)).get_current_head()


async def current(connection: Connection) -> str | None:
    """Return the revision that a database is at; None before the first migration."""
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return revision


def _config(package: str) -> Config:
    config = Config()
    config.set_main_option("script_location", ":".join(package.rsplit(".", 1)))
    config.set_main_option("path_separator", "os")
    return config
