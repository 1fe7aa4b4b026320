"""What can go wrong in a command, in the words of its caller (RFC 9457 problem details)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

RETRY_SOON = MappingProxyType({"Retry-After": "1"})
WITH_COMMA = re.compile(r"\s*[+-]?[0-9][0-9.'\u2019\s]*,[0-9][0-9,.'\u2019\s]*")
"""A number as it is written where a comma stands before the decimals, or between thousands."""
OF_NUMBERS = frozenset({"decimal_parsing", "int_parsing", "float_parsing"})
LISTED_OF_A_KIND = 100
"""A request may hold a hundred thousand unknown fields; nobody reads that many errors."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that was wrong: a JSON pointer, and what would be right.

    The pointer is into the request's body, or into the row that stands in a `line` of it, from 1.
    """

    pointer: str
    detail: str
    line: int | None = None

    def shown(self) -> dict[str, str | int]:
        """Return it as JSON says it."""
        place: dict[str, str | int] = {} if self.line is None else {"line": self.line}
        return place | {"pointer": self.pointer, "detail": self.detail}


class ProblemError(Exception):
    """A refusal with a stable code; HTTP shows it as a problem document, an import as a row's reason."""

    status: int = 400
    title: str = "The request was refused"
    headers: Mapping[str, str] = MappingProxyType({})
    """What HTTP says of it beside its document."""

    def __init__(
        self, code: str, detail: str, *, errors: Sequence[FieldError] = (), **extensions: Any
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.extensions = extensions


class NotFoundError(ProblemError):
    """The thing addressed does not exist, or the caller may not know that it does."""

    status = 404
    title = "Not found"

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"{kind.replace(' ', '_')}_not_found", f"No {kind} {key} exists.")


class GoneError(ProblemError):
    """What was addressed was here, and is kept elsewhere now."""

    status = 410
    title = "No longer here"


class ConflictError(ProblemError):
    """The thing is in a state that does not allow this; `allowed` says what would be."""

    status = 409
    title = "Not possible in this state"


class BusyError(ConflictError):
    """Too many others are changing the thing at this moment."""

    headers = RETRY_SOON

    def __init__(self) -> None:
        super().__init__("busy", "Others are changing it at this moment; send the request again.")


class InFlightError(ConflictError):
    """Another request with the same Idempotency-Key has not ended."""

    headers = RETRY_SOON

    def __init__(self) -> None:
        super().__init__(
            "idempotency_key_in_flight", "A request with this Idempotency-Key is being processed; ask again."
        )


class InvalidError(ProblemError):
    """The request is well-formed and breaks a business rule; `errors` name the fields."""

    status = 422
    title = "The request breaks a rule"


class ForbiddenError(ProblemError):
    """The caller is known and may not do this."""

    status = 403
    title = "Not allowed"


class UnauthorizedError(ProblemError):
    """The caller did not say who they are, or not credibly."""

    status = 401
    title = "Not authenticated"
    headers = MappingProxyType({"WWW-Authenticate": "Bearer"})


class InvalidTokenError(UnauthorizedError):
    """The token is not believed; the challenge says so (RFC 6750, 3.1)."""

    headers = MappingProxyType({"WWW-Authenticate": 'Bearer error="invalid_token"'})


class PreconditionRequiredError(ProblemError):
    """Changing this needs an `If-Match` header with the ETag that the caller saw."""

    status = 428
    title = "A precondition is required"


class PreconditionFailedError(ProblemError):
    """The thing changed since the caller saw it."""

    status = 412
    title = "Changed in the meantime"


class TooLargeError(ProblemError):
    """The request body is larger than this service accepts."""

    status = 413
    title = "Too large"


class UnsupportedMediaTypeError(ProblemError):
    """The body is of a kind that this operation does not read."""

    status = 415
    title = "Unsupported media type"

    def __init__(self, detail: str) -> None:
        super().__init__("unsupported_media_type", detail)


class HeadersTooLargeError(ProblemError):
    """The request's line and headers are larger than this service reads."""

    status = 431
    title = "Headers too large"

    def __init__(self, most: int) -> None:
        super().__init__("headers_too_large", f"A request's line and headers may have {most} bytes.")


class UnavailableError(ProblemError):
    """The service cannot answer now; the same request may succeed later."""

    status = 503
    title = "Temporarily unavailable"
    headers = RETRY_SOON


def few_of_each_kind(errors: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the errors that pydantic lists, a hundred of a kind at most, and how many more there were."""
    counts = Counter[str]()
    for error in errors:
        counts[error["type"]] += 1
        if counts[error["type"]] <= LISTED_OF_A_KIND:
            yield error
    for kind, count in counts.items():
        if count > LISTED_OF_A_KIND:
            yield {
                "type": kind,
                "loc": (),
                "msg": f"And {count - LISTED_OF_A_KIND:,} more errors of this kind: {kind}",
            }


def detail_of(error: Mapping[str, Any]) -> str:
    """Return what pydantic has against a value, in words that say what would be right."""
    value = error.get("input")
    if error["type"] in OF_NUMBERS and isinstance(value, str) and WITH_COMMA.fullmatch(value):
        return "Holds a comma: write a point before decimals, and nothing between thousands, as in 1234.50"
    return str(error["msg"]).removeprefix("Value error, ")


def pointer(location: Iterable[str | int]) -> str:
    """Return a JSON pointer (RFC 6901) to a place in a document."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)
