"""One service's PostgreSQL: transactions that hold state, events, audit and idempotency together."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, cast
from uuid import UUID

import asyncpg
from sqlalchemy import MetaData
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from uuid_utils.compat import uuid7 as new_id

from purveyor.pending import AUDIT, Journal, PendingWrites, Row, as_json
from purveyor.settings import Settings

__all__ = ["Base", "Clock", "Database", "Transaction", "new_id", "utc_now"]

Clock = Callable[[], datetime]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def utc_now() -> datetime:
    """Return the time now; the only clock that a running service has."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """What a service's own declarative base derives from: `class Base(db.Base)` with its own metadata."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Transaction:
    """One database transaction: state, events, audit records and an idempotent response, all or nothing.

    `connection` is the raw asyncpg connection for hot statements; `session` is an ORM session on the same
    transaction. Whoever opened the transaction commits it; commands never do.
    """

    def __init__(
        self, database: Database, sqlalchemy_connection: AsyncConnection, connection: Connection
    ) -> None:
        self.database = database
        self.connection = connection
        self.now = database.clock()
        self.actor = "system"
        self.request_id: str | None = None
        self._sqlalchemy_connection = sqlalchemy_connection
        self._session: AsyncSession | None = None
        self._pending = PendingWrites()

    @property
    def session(self) -> AsyncSession:
        """The ORM session of this transaction, made when first asked for."""
        if self._session is None:
            self._session = AsyncSession(self._sqlalchemy_connection, expire_on_commit=False)
        return self._session

    def append(self, journal: Journal, row: Row) -> None:
        """Write a row into a journal with the state that it speaks of, all such rows in one statement."""
        self._pending.add(journal, row)

    def audit(
        self,
        action: str,
        entity: str,
        entity_id: UUID | str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> None:
        """Note who did what to which thing: `tx.audit("approve", "supplier", id, before=…, after=…)`."""
        what = (action, entity, str(entity_id), as_json(before), as_json(after))
        self.append(AUDIT, (new_id(), self.now, self.actor, *what, reason, self.request_id))

    async def flush(self) -> None:
        """Send everything pending to the database; the commit does it too."""
        if self._session is not None:
            await self._session.flush()
        await self._pending.write(self.connection)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo everything of a block that raises, its events and audit records too; the rest can go on."""
        if self._session is not None:
            await self._session.flush()
        mark = self._pending.mark()
        async with self.connection.transaction():
            try:
                yield
                if self._session is not None:
                    await self._session.flush()
            except BaseException:
                self._pending.return_to(mark)
                await self.close_session()
                raise

    @property
    def written(self) -> frozenset[str]:
        """The tables of the journals that rows were written into."""
        return frozenset(journal.table for journal in self._pending.written)

    @property
    def changes(self) -> list[tuple[str, str]]:
        """Entity and action of every change that was written."""
        return self._pending.changes

    async def close_session(self) -> None:
        """Let go of the ORM session; mapped objects stay readable."""
        if self._session is not None:
            await self._session.close()
            self._session = None


class Database:
    """A pool of connections to one service's database; `transaction()` alone begins and commits.

    One mechanism serves the ORM and raw asyncpg (docs/adr/0002): the transaction is begun on the raw
    connection and SQLAlchemy, told that it is in autocommit, joins it.
    """

    def __init__(
        self,
        url: str,
        *,
        application_name: str,
        pool_size: int = 16,
        transaction_timeout: timedelta = timedelta(seconds=30),
        clock: Clock = utc_now,
        settings: Settings | None = None,
    ) -> None:
        self.clock = clock
        self.settings = settings
        self.transaction_timeout = transaction_timeout
        self.on_change: Callable[[str, str], None] = lambda _entity, _action: None
        """Told the entity and action of every committed change."""
        self.committed: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        """By a journal's table: set whenever a transaction of this process commits rows of it."""
        self.url = make_url(url).set(drivername="postgresql+asyncpg")
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            isolation_level="AUTOCOMMIT",
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            connect_args={
                "server_settings": {
                    "application_name": application_name,
                    "transaction_timeout": str(int(transaction_timeout.total_seconds() * 1000)),
                    "timezone": "UTC",
                    # Compiling a statement takes longer than running it, for everything that a service asks.
                    "jit": "off",
                }
            },
        )

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a raw asyncpg connection in autocommit: for reads, advisory locks and administration."""
        async with self._lent() as (_, connection):
            yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Begin a transaction, and commit it when the block ends without an exception."""
        async with self._lent() as (sqlalchemy_connection, connection):
            database_transaction = connection.transaction()
            await database_transaction.start()
            transaction = Transaction(self, sqlalchemy_connection, connection)
            try:
                yield transaction
                await transaction.flush()
            except BaseException:
                await transaction.close_session()
                if not connection.is_closed():
                    await database_transaction.rollback()
                raise
            await transaction.close_session()
            await database_transaction.commit()
        for table in transaction.written:
            self.committed[table].set()
        for entity, action in transaction.changes:
            self.on_change(entity, action)

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[tuple[AsyncConnection, Connection]]:
        """Lend a living connection, and keep a dead one out of the pool, which cannot see that it died."""
        async with self.engine.connect() as sqlalchemy_connection:
            connection = await _raw(sqlalchemy_connection)
            if connection.is_closed():
                await sqlalchemy_connection.invalidate()
                connection = await _raw(sqlalchemy_connection)
            try:
                yield sqlalchemy_connection, connection
            finally:
                if connection.is_closed():
                    await sqlalchemy_connection.invalidate()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def _raw(sqlalchemy_connection: AsyncConnection) -> Connection:
    return cast("Connection", (await sqlalchemy_connection.get_raw_connection()).driver_connection)
