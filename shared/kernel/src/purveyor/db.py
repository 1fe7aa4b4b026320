"""One service's PostgreSQL: transactions that hold state, events, audit and idempotency together."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID
from weakref import WeakSet

import asyncpg
from asyncpg.transaction import Transaction as DatabaseTransaction
from sqlalchemy import DateTime, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase
from uuid_utils.compat import uuid7 as new_id

from purveyor import postgres
from purveyor.clock import Clock, DatabaseClock
from purveyor.errors import ProblemError
from purveyor.pending import AUDIT, AUDIT_PERSONAL, Journal, PendingWrites, PersonalValues, Row
from purveyor.postgres import Connection
from purveyor.settings import Settings
from purveyor.signing import record_signature

__all__ = ["Base", "Clock", "Connection", "Database", "Transaction", "new_id"]

POOL_TIMEOUT_SECONDS = 10
ROLLBACK_SECONDS = 2
ANSWER_SECONDS = 1
BEGIN_SECONDS = 3
"""To begin waits for no lock and no disk: what has not answered by then is as good as gone."""
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class ConnectionLostError(OSError):
    """A connection to the database died in the middle of a transaction: an absent database, not a mistake."""


class Base(DeclarativeBase):
    """What a service's own declarative base derives from: `class Base(db.Base)` with its own metadata."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
    }


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
    def day(self) -> date:
        """The day that this transaction's moment lies in, in UTC."""
        return self.now.astimezone(UTC).date()

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
        """Note who did what to which thing: `tx.audit("approve", "supplier", id, before=…, after=…)`.

        What is somebody's own in it is wrapped, `Personal(contact)`, so that it can be erased.
        """
        personal = PersonalValues()
        what = (action, entity, str(entity_id), personal.as_json(before), personal.as_json(after))
        record = (new_id(), self.now, self.actor, *what, reason, self.request_id)
        keys = self.database.record_keys
        self.append(AUDIT, (*record, record_signature(keys[0], record) if keys else None))
        for value, (digest, salt) in personal.digests.items():
            self.append(AUDIT_PERSONAL, (record[0], digest, salt, value))

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
        read_pool_size: int = 6,
        transaction_timeout: timedelta = timedelta(seconds=30),
        statement_timeout: timedelta = timedelta(seconds=8),
        lock_timeout: timedelta = timedelta(seconds=3),
        clock: Clock | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.url = url
        self.time = DatabaseClock()
        self.clock = clock or self.time
        self.settings = settings
        self.record_keys = settings.record_keys if settings is not None else ()
        self.transaction_timeout = transaction_timeout
        self.on_change: Callable[[str, str], None] = lambda _entity, _action: None
        """Told the entity and action of every committed change."""
        self.committed: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        """By a journal's table: set whenever a transaction of this process commits rows of it."""
        self.before_close: list[Callable[[], Awaitable[None]]] = []
        """What still writes when nobody asks any more, and has to end first."""
        settings_of_session = {
            "application_name": application_name,
            "transaction_timeout": _milliseconds(transaction_timeout),
            "statement_timeout": _milliseconds(statement_timeout),
            "lock_timeout": _milliseconds(lock_timeout),
            "TimeZone": "UTC",
            # Compiling a statement takes longer than running it, for everything that a service asks.
            "jit": "off",
        }

        self._session_settings = settings_of_session
        self._connections: WeakSet[Connection] = WeakSet()
        self._doubted: WeakSet[Connection] = WeakSet()
        self._given_up: WeakSet[Connection] = WeakSet()

        async def opened(connection: Connection) -> None:
            self._connections.add(connection)
            await self.time.look(connection)

        def engine(size: int, **more: str) -> AsyncEngine:
            return postgres.engine_of(
                url,
                settings_of_session | more,
                opened=opened,
                # The server ends a statement that takes too long; a server that is gone ends nothing.
                command_timeout=statement_timeout.total_seconds() + 1,
                isolation_level="AUTOCOMMIT",
                pool_size=size,
                max_overflow=0,
                pool_timeout=POOL_TIMEOUT_SECONDS,
            )

        self.engine = engine(pool_size)
        self._reading = engine(read_pool_size, default_transaction_read_only="on")
        self._probe = engine(1)
        self.engines = {"writing": self.engine, "reading": self._reading, "probe": self._probe}

    async def expect_sessions(self) -> None:
        """Raise PoolerError when what a session is told does not reach the database."""
        connection = await postgres.connect(
            self.url, self._session_settings, command_timeout=postgres.CONNECT_TIMEOUT_SECONDS
        )
        await connection.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a raw asyncpg connection in autocommit: for reads, advisory locks and administration."""
        async with self._lent(self.engine) as (_, connection):
            yield connection

    @asynccontextmanager
    async def probe(self) -> AsyncIterator[Connection]:
        """Lend the connection that is kept for probes: they never wait for what requests use."""
        async with self._lent(self._probe) as (_, connection):
            yield connection

    @asynccontextmanager
    async def transaction(self, *, reading: bool = False) -> AsyncIterator[Transaction]:
        """Begin a transaction, and commit it when the block ends without an exception.

        One that only reads has connections of its own, so that reads go on while writers wait for each other.
        Raises ConnectionLostError when the connection turned out to be dead, or stuck, on the way.
        """
        async with self._lent(self._reading if reading else self.engine) as (
            sqlalchemy_connection,
            connection,
        ):
            database_transaction = connection.transaction()
            transaction = Transaction(self, sqlalchemy_connection, connection)
            try:
                async with asyncio.timeout(BEGIN_SECONDS):
                    await database_transaction.start()
                yield transaction
                await transaction.flush()
            except BaseException as error:
                await transaction.close_session()
                if isinstance(error, TimeoutError):
                    connection.terminate()
                    self._doubt_connections()
                usable = await _rolled_back(connection, database_transaction)
                if not usable and isinstance(error, Exception) and not isinstance(error, ProblemError):
                    raise ConnectionLostError from error
                raise
            await transaction.close_session()
            await database_transaction.commit()
        for table in transaction.written:
            self.committed[table].set()
        for entity, action in transaction.changes:
            self.on_change(entity, action)

    @asynccontextmanager
    async def _lent(self, engine: AsyncEngine) -> AsyncIterator[tuple[AsyncConnection, Connection]]:
        """Lend a living connection, and keep a dead one out of the pool, which cannot see that it died.

        It is given back at once, without a task as `async with` would: in autocommit there is nothing to say
        to the server.
        """
        sqlalchemy_connection = await engine.connect()
        try:
            connection = postgres.raw_now(sqlalchemy_connection)
            # What comes for a dead one may come from the pool, too, and be as dead.
            while connection.is_closed() or not await self._still_answers(connection):
                await sqlalchemy_connection.invalidate()
                connection = await postgres.raw(sqlalchemy_connection)
            try:
                yield sqlalchemy_connection, connection
            except (TimeoutError, asyncio.CancelledError, asyncpg.InternalClientError) as error:
                # Who was cancelled may have waited for an answer that never comes: nobody else shall.
                connection.terminate()
                if isinstance(error, TimeoutError):
                    self._doubt_connections()
                raise
            finally:
                if connection.is_closed():
                    await sqlalchemy_connection.invalidate()
        finally:
            postgres.synchronous(sqlalchemy_connection).close()

    def _doubt_connections(self) -> None:
        """Ask each connection that there is, before it is lent again, whether it is as dead as one was."""
        self._doubted = WeakSet(self._connections)

    async def _still_answers(self, connection: Connection) -> bool:
        """Ask a connection that is in doubt; when it says nothing, no other in doubt is waited for."""
        if connection in self._given_up:
            connection.terminate()
            return False
        if connection not in self._doubted:
            return True
        self._doubted.discard(connection)
        try:
            await connection.fetchval("SELECT 1", timeout=ANSWER_SECONDS)
        except TimeoutError:
            self._given_up |= self._doubted
            self._doubted.clear()
            connection.terminate()
            return False
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            connection.terminate()
            return False
        except BaseException:
            connection.terminate()
            raise
        return True

    async def close(self) -> None:
        """Finish what was begun beside the transactions, and close every connection."""
        for finish in self.before_close:
            await finish()
        for engine in self.engines.values():
            await engine.dispose()


async def _rolled_back(connection: Connection, transaction: DatabaseTransaction) -> bool:
    """Roll back; a connection that is dead, or cannot even do that in time, is let go of: False."""
    if connection.is_closed():
        return False
    try:
        async with asyncio.timeout(ROLLBACK_SECONDS):
            await transaction.rollback()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        connection.terminate()
        return False
    return not connection.is_closed()


def _milliseconds(time: timedelta) -> str:
    return str(int(time.total_seconds() * 1000))
