"""How a process reaches PostgreSQL: URLs as libpq writes them, a vanished host, a pooler that forgets."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias, cast
from urllib.parse import parse_qs, urlsplit

import asyncpg
from sqlalchemy import Connection as SynchronousConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

CONNECT_TIMEOUT_SECONDS = 5
SCHEMES = frozenset({"postgresql", "postgres", "postgresql+asyncpg"})
PARAMETERS = frozenset(
    {
        *("host", "port", "user", "password", "passfile", "dbname", "database", "options"),
        *("sslmode", "sslnegotiation", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl"),
        *("ssl_min_protocol_version", "ssl_max_protocol_version", "target_session_attrs"),
        *("krbsrvname", "gsslib"),
    }
)
"""What a URL may say after its `?`, in the words of libpq."""
TCP_OPTIONS = {
    getattr(socket, name): value
    for name, value in {
        "TCP_KEEPIDLE": 5,
        "TCP_KEEPINTVL": 2,
        "TCP_KEEPCNT": 3,
        "TCP_USER_TIMEOUT": 6_000,
    }.items()
    if hasattr(socket, name)
}
"""What a system that has them is told about a connection that answers nothing: in s, and the last in ms."""


POOLED = (
    "What a session is told does not reach PostgreSQL, so locks and time limits would not hold: connect "
    "to it directly, or to a pooler that passes every setting on; PgBouncer does not."
)


class PoolerError(Exception):
    """Between this process and its database is something that forgets what a session was told."""


def checked_url(url: str) -> str:
    """Return a database's URL as asyncpg takes it; raises ValueError in a sentence for what is no such URL.

    `postgresql://user:password@host,standby/name?sslmode=verify-full&sslrootcert=…&target_session_attrs=primary`.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ValueError("it must begin with postgresql://")
    unknown = parse_qs(parts.query, keep_blank_values=True).keys() - PARAMETERS
    if unknown:
        known = ", ".join(sorted(PARAMETERS))
        raise ValueError(f"{', '.join(sorted(unknown))}: not understood; after the ? may stand {known}")
    return f"postgresql{url[len(parts.scheme) :]}"


def engine_of(
    url: str,
    settings: Mapping[str, str] | None = None,
    *,
    command_timeout: float | None = None,
    opened: Callable[[Connection], Awaitable[None]] | None = None,
    **options: Any,
) -> AsyncEngine:
    """Return SQLAlchemy's engine for a database, whose connections are those of `connect`."""
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: connect(url, settings or {}, command_timeout=command_timeout, opened=opened),
        hide_parameters=True,  # of what people have said, nothing comes into the log with an error
        **options,
    )


async def raw(connection: AsyncConnection) -> Connection:
    """Return asyncpg's connection below SQLAlchemy's, which is opened again if it was invalidated."""
    return cast("Connection", (await connection.get_raw_connection()).driver_connection)


def raw_now(connection: AsyncConnection) -> Connection:
    """Return asyncpg's connection below one of SQLAlchemy's that is open."""
    return cast("Connection", synchronous(connection).connection.driver_connection)


def synchronous(connection: AsyncConnection) -> SynchronousConnection:
    """Return SQLAlchemy's own connection, to do what waits for nothing without a greenlet, 10 µs each."""
    started = connection.sync_connection
    assert started is not None  # noqa: S101  # a connection that was awaited has been started
    return started


async def connect(
    url: str,
    settings: Mapping[str, str],
    *,
    command_timeout: float | None,
    opened: Callable[[Connection], Awaitable[None]] | None = None,
) -> Connection:
    """Open a connection whose session has these settings, numbers in their unit; `command_timeout` in s.

    `opened` is told of it before anybody uses it.

    Raises PoolerError when they do not arrive: advisory locks and time limits would not hold either.
    """
    try:
        connection: Connection = await asyncpg.connect(
            checked_url(url),
            server_settings=dict(settings),
            timeout=CONNECT_TIMEOUT_SECONDS,
            command_timeout=command_timeout,
        )
    except asyncpg.ProtocolViolationError as error:
        raise PoolerError(f"{POOLED} ({error})") from error
    try:
        _notice_a_vanished_host(connection)
        await _expect(connection, settings)
        await _read_numbers_as_written(connection)
        if opened is not None:
            await opened(connection)
    except BaseException:
        connection.terminate()
        raise
    return connection


async def _read_numbers_as_written(connection: Connection) -> None:
    """Have a numeric of 10000 read as that: asyncpg's own reading of its digits makes 1E+4 of it.

    Whoever shows or tells a number then writes it as decimals are written.
    """
    await connection.set_type_codec(
        "numeric", schema="pg_catalog", encoder=str, decoder=Decimal, format="text"
    )


async def _expect(connection: Connection, settings: Mapping[str, str]) -> None:
    said = await connection.fetch(
        "SELECT name, setting FROM pg_settings WHERE name = ANY($1)", list(settings)
    )
    lost = [row["name"] for row in said if row["setting"] != settings[row["name"]]]
    if lost:
        raise PoolerError(f"{POOLED} (lost: {', '.join(lost)})")


def _notice_a_vanished_host(connection: Connection) -> None:
    """Have the system give up a connection whose other end is gone without a word, in seconds, not hours.

    asyncpg has no option for it, nor a public way to the socket.
    """
    connected = connection._transport.get_extra_info("socket")  # type: ignore[attr-defined]
    if connected.family in (socket.AF_INET, socket.AF_INET6):
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in TCP_OPTIONS.items():
            connected.setsockopt(socket.IPPROTO_TCP, option, value)
