"""What the database's failures mean to a caller: a conflict, a value it cannot hold, or mere bad luck."""

from __future__ import annotations

from decimal import InvalidOperation, Overflow

import asyncpg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from purveyor.errors import (
    BusyError,
    ConflictError,
    InFlightError,
    InvalidError,
    ProblemError,
    UnavailableError,
)
from purveyor.failures import is_unavailable, may_pass


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
    asyncpg.InternalClientError,
    InvalidOperation,
    Overflow,
    OSError,
)
"""What an unreachable or contradicting database raises, or a number that it could not hold."""


def problem_of(error: BaseException) -> ProblemError | None:
    """Return what a failure means to the caller; None when it is a mistake of ours."""
    cause = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig.__cause__ or error.orig
    if isinstance(cause, StaleDataError):
        return ConflictError(
            "changed_meanwhile", "Another request changed it at the same moment; read it again."
        )
    if isinstance(cause, asyncpg.IntegrityConstraintViolationError):
        return _contradiction(cause)
    if may_pass(cause):
        return _bad_luck(cause)
    if _is_no_storable_value(cause):
        return InvalidError(
            "value_not_storable", "A value is out of range, or has characters no text can hold."
        )
    return None


def _bad_luck(cause: BaseException) -> ProblemError:
    if isinstance(cause, asyncpg.LockNotAvailableError):
        return BusyError()
    if is_unavailable(cause):
        return UnavailableError(
            "database_unavailable", "The database does not answer; try again in a moment."
        )
    return UnavailableError("try_again", "Another transaction was in the way; send the request again.")


def _contradiction(cause: asyncpg.IntegrityConstraintViolationError) -> ProblemError | None:
    constraint = cause.constraint_name or ""
    if constraint == "pk_idempotency_record":
        return InFlightError()
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


def _is_no_storable_value(cause: BaseException) -> bool:
    """Whether a value was refused: by the database, or by the driver (InterfaceError and ValueError)."""
    refused = asyncpg.DataError | asyncpg.UntranslatableCharacterError | InvalidOperation | Overflow
    return isinstance(cause, refused) or (
        isinstance(cause, asyncpg.InterfaceError) and isinstance(cause, ValueError)
    )
