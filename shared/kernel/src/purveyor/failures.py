"""Which failures may pass by waiting."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
from asyncpg import exceptions as postgres
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError

UNAVAILABLE = (
    OSError,
    PoolTimeoutError,
    postgres.PostgresConnectionError,
    postgres.OperatorInterventionError,
    postgres.InsufficientResourcesError,
    postgres.ReadOnlySQLTransactionError,
    postgres.IdleSessionTimeoutError,
    postgres.InternalClientError,
)
"""The database or the network is away: nothing else would succeed either."""

CONTENDED = (
    StaleDataError,
    postgres.TransactionRollbackError,
    postgres.LockNotAvailableError,
    postgres.QueryCanceledError,
    postgres.TransactionTimeoutError,
    postgres.IdleInTransactionSessionTimeoutError,
    httpx.TransportError,
)
"""Others were faster, or something else was slow: the same work may succeed on its next turn."""


def is_unavailable(error: BaseException) -> bool:
    """Whether the database or the network is away."""
    return any(isinstance(cause, UNAVAILABLE) or _is_closed(cause) for cause in _causes(error))


def may_pass(error: BaseException) -> bool:
    """Whether trying again later may succeed."""
    return is_unavailable(error) or any(isinstance(cause, CONTENDED) for cause in _causes(error))


def _is_closed(error: BaseException) -> bool:
    """Whether a connection had gone before it was used; asyncpg's class stands for bad arguments too."""
    return isinstance(error, postgres.InterfaceError) and "closed" in str(error)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and the database errors that SQLAlchemy wrapped in it."""
    yield error
    if isinstance(error, DBAPIError) and error.orig is not None:
        yield error.orig
        if error.orig.__cause__ is not None:
            yield error.orig.__cause__
