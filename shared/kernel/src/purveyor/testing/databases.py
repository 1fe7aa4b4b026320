"""Databases for tests: made once a kind, lent from test to test, and in between as they were made.

To copy a template and drop the copy costs a quarter of a second, to delete the few rows that a test left
costs two milliseconds.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import asyncpg
from sqlalchemy.engine import make_url

from purveyor.migrations import roles

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
Prepare = Callable[[str], Awaitable[None]]
"""Makes what a kind of database has when a test gets it: tables, mostly."""

LOGINS = {"test_runtime": roles.RUNTIME, "test_sealing": roles.SEALING}
PASSWORD = "test"  # noqa: S105  # of a server that lives as long as the tests
TERMINATE_SECONDS = 10
END_OTHERS = """
SELECT pg_terminate_backend(pid, $1) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
"""Ends the connections of every other client, each within so many milliseconds."""
DELETE_EVERY_ROW = """
DO $$
DECLARE
  one regclass;
BEGIN
  SET LOCAL session_replication_role = replica;  -- no foreign key is in the way, and no trigger either
  FOR one IN SELECT oid FROM pg_class
             WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
  LOOP
    EXECUTE format('DELETE FROM %s', one);
  END LOOP;
END $$
"""
TABLES = """
SELECT relname, array_agg(attname::text ORDER BY attnum) AS columns
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
  AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
GROUP BY relname
"""
SEQUENCES = (
    "SELECT seqrelid AS id, seqstart AS start, pg_sequence_last_value(seqrelid) AS last FROM pg_sequence"
)
SET_SEQUENCE = "SELECT setval($1::oid::regclass, $2::bigint, $3::boolean)"
STRUCTURE = """
SELECT md5(string_agg(thing, ' ' ORDER BY thing)) FROM (
  SELECT 'r' || oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'a' || attrelid || ':' || attnum || ':' || atttypid || ':' || atttypmod
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'd' || oid FROM pg_attrdef
  UNION ALL SELECT 'i' || inhrelid FROM pg_inherits
  UNION ALL SELECT 'c' || oid FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT 'f' || oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT 't' || oid || tgenabled::text FROM pg_trigger
  UNION ALL SELECT 'n' || oid FROM pg_namespace WHERE nspname !~ '^pg_'
) AS structure (thing)
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a table holds that migrations have filled."""

    table: str
    columns: list[str]
    rows: list[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class AsMade:
    """A kind of database before any test: its structure, its rows, and where its sequences are."""

    structure: str
    filled: list[Rows]
    sequences: dict[int, asyncpg.Record]

    @classmethod
    async def read(cls, connection: Connection) -> AsMade:
        """Read it from a database that was just made."""
        filled = []
        for name, columns in await connection.fetch(TABLES):
            quoted = ", ".join(f'"{column}"' for column in columns)
            if rows := await connection.fetch(f'SELECT {quoted} FROM "{name}"'):  # noqa: S608  # the catalogue's
                filled.append(Rows(name, columns, [tuple(row) for row in rows]))
        structure = await connection.fetchval(STRUCTURE)
        return cls(structure, filled, {row["id"]: row for row in await connection.fetch(SEQUENCES)})

    async def restore(self, connection: Connection) -> None:
        """Bring a database of the same structure back to it."""
        async with connection.transaction():
            await connection.execute(DELETE_EVERY_ROW)
            for one in self.filled:
                await connection.copy_records_to_table(one.table, records=one.rows, columns=one.columns)
            for now in await connection.fetch(SEQUENCES):
                made = self.sequences[now["id"]]
                if now != made:
                    value, called = made["last"] or made["start"], made["last"] is not None
                    await connection.execute(SET_SEQUENCE, made["id"], value, called)


def as_runtime(url: str) -> str:
    """Return a database's URL for who runs a service on it, and may do no more than that."""
    return _as("test_runtime", url)


def as_sealing(url: str) -> str:
    """Return a database's URL for who seals the audit trail in it."""
    return _as("test_sealing", url)


def _as(login: str, url: str) -> str:
    return make_url(url).set(username=login, password=PASSWORD).render_as_string(hide_password=False)


class Databases:
    """The databases that one process of tests has on a server."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._prefix = f"test_{os.getpid()}"
        self._number = count(1)
        self._names: list[str] = []
        self._templates: dict[str, tuple[str, AsMade]] = {}
        self._made: dict[str, AsMade] = {}
        self._free: defaultdict[str, list[str]] = defaultdict(list)

    async def make_roles(self) -> None:
        """Make the roles that services under test run and seal as."""
        async with _connected(self._server_url) as connection:
            await roles.make(connection, LOGINS, PASSWORD)

    async def new(self, kind: str, prepare: Prepare) -> str:
        """Make a database that stays; return its URL."""
        if kind not in self._templates:
            name = await self._create(kind, "template1")
            await prepare(self._url_of(name))
            async with _connected(self._url_of(name)) as connection:
                self._templates[kind] = name, await AsMade.read(connection)
        template, made = self._templates[kind]
        url = self._url_of(await self._create(kind, template))
        self._made[url] = made
        return url

    @asynccontextmanager
    async def lent(self, kind: str, prepare: Prepare) -> AsyncIterator[str]:
        """Yield a database as it was made; afterwards it is lent again, unless its structure changed."""
        free = self._free[kind]
        url = free.pop() if free else await self.new(kind, prepare)
        yield url
        async with _connected(url) as connection:
            await connection.execute(END_OTHERS, TERMINATE_SECONDS * 1000)
            made = self._made[url]
            if await connection.fetchval(STRUCTURE) == made.structure:
                await made.restore(connection)
                free.append(url)

    async def restore(self, url: str) -> None:
        """Bring the rows of a database of unchanged structure to where they were when it was made."""
        async with _connected(url) as connection:
            await self._made[url].restore(connection)

    async def close(self) -> None:
        """Drop every database that was made here."""
        async with _connected(self._server_url) as connection:
            for name in self._names:
                await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def _create(self, kind: str, template: str) -> str:
        name = f"{self._prefix}_{kind}_{next(self._number)}"
        async with _connected(self._server_url) as connection:
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._names.append(name)
        return name

    def _url_of(self, name: str) -> str:
        return make_url(self._server_url).set(database=name).render_as_string(hide_password=False)


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
