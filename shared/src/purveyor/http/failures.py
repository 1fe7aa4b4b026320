"""What the database's failures mean to a caller: a conflict, a value it cannot hold, or mere bad luck."""

from __future__ import annotations

import socket

import asyncpg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError

from purveyor.errors import ConflictError, InvalidError, ProblemError, UnavailableError


class FailedError(ProblemError):
    """A mistake of ours; the log has it, the caller does not."""

    status = 500
    title = "The service failed"

    def __init__(self) -> None:
        super().__init__(
            "internal_error",
            "Something went wrong on our side; nothing was changed. Quote the request id when you report it.",
        )


DATABASE_ERRORS: tuple[type[Exception], ...] = (
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
)
"""What a broken or contradicting database raises; `problem_of` translates."""

PASSING = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
)
"""Failures that the very same transaction will not meet when it is tried again."""

UNREACHABLE = (
    PoolTimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.OperatorInterventionError,
    asyncpg.InvalidTransactionStateError,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
)


def cause_of(error: BaseException) -> BaseException:
    """Return the driver's own error behind one of SQLAlchemy's."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error


def is_passing(error: BaseException) -> bool:
    """Whether the same transaction may succeed when it is simply tried again."""
    return isinstance(cause_of(error), PASSING)


def problem_of(error: BaseException) -> ProblemError | None:
    """Return what a failure means to the caller; None when it is a mistake of ours."""
    cause = cause_of(error)
    if isinstance(cause, StaleDataError):
        return ConflictError(
            "changed_meanwhile", "Another request changed it at the same moment; read it again."
        )
    if isinstance(cause, asyncpg.IntegrityConstraintViolationError):
        return _contradiction(cause)
    if isinstance(cause, PASSING):
        return UnavailableError("try_again", "Another transaction was in the way; send the request again.")
    if isinstance(cause, UNREACHABLE) or _connection_is_gone(cause):
        return UnavailableError(
            "database_unavailable", "The database does not answer; try again in a moment."
        )
    if isinstance(cause, asyncpg.DataError) or _is_bad_argument(cause):
        return InvalidError(
            "value_not_storable", "A value is out of range, or has characters no text can hold."
        )
    return None


def _contradiction(cause: asyncpg.IntegrityConstraintViolationError) -> ProblemError | None:
    constraint = cause.constraint_name or ""
    if constraint == "pk_idempotency_record":
        return ConflictError(
            "idempotency_key_in_flight", "A request with this Idempotency-Key was being processed; ask again."
        )
    if cause.table_name is not None and cause.table_name.startswith("outbox"):
        return None
    if isinstance(cause, asyncpg.UniqueViolationError):
        return ConflictError("already_exists", "Another one with the same key exists.", constraint=constraint)
    if isinstance(cause, asyncpg.ForeignKeyViolationError):
        return ConflictError(
            "reference_broken",
            "It refers to something that does not exist, or is referred to.",
            constraint=constraint,
        )
    return ConflictError("constraint_violated", "The database refuses this state.", constraint=constraint)


def _connection_is_gone(cause: BaseException) -> bool:
    return isinstance(cause, asyncpg.InterfaceError) and "clos" in str(cause)


def _is_bad_argument(cause: BaseException) -> bool:
    return isinstance(cause, asyncpg.InterfaceError) and isinstance(cause, ValueError)
