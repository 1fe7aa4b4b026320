"""ETags and `If-Match`: nobody overwrites a change that they have not seen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Header, Response
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError
from sqlalchemy import inspect

from purveyor.db import Base
from purveyor.errors import PreconditionRequiredError
from purveyor.versions import Versioned

DIGITS_OF_A_VERSION = 9
IF_MATCH = "If-Match"
ANY_VERSION = "any_version"


def set_etag(response: Response, versioned: Versioned) -> None:
    """Send an aggregate's version as its ETag; raises RuntimeError while a change is not flushed yet."""
    if isinstance(versioned, Base):
        state = inspect(versioned)
        if state.modified or state.pending:
            raise RuntimeError("its version is not known yet: await tx.flush() before its ETag is sent")
    response.headers["ETag"] = f'"{versioned.version}"'


def version_seen(etag: str) -> int:
    """Return the version that an `If-Match` names, weak or not: proxies that compress weaken what they pass.

    `*` matches any version (RFC 9110, 13.1.1), so it would overwrite what nobody has seen: it is no answer
    to our wish for a condition (RFC 6585, 3), and refused like a request without one.
    """
    if etag.strip() == "*":
        raise PydanticCustomError(ANY_VERSION, "it names no version")
    found = _ETAG.fullmatch(etag)
    if found is None:
        raise ValueError('not an ETag of this service, which look like "3"')
    return int(found["version"])


ETAG = rf'^(W/)?"[0-9]{{1,{DIGITS_OF_A_VERSION}}}"$'
_ETAG = re.compile(rf'(W/)?"(?P<version>[0-9]{{1,{DIGITS_OF_A_VERSION}}})"')
_AS_AN_ETAG = (
    BeforeValidator(version_seen),
    WithJsonSchema({"type": "string", "pattern": ETAG, "examples": ['"3"']}),
)

IfMatch = Annotated[
    int,
    Header(alias=IF_MATCH, description="The ETag that you saw; 428 without, 412 when stale"),
    *_AS_AN_ETAG,
]
"""The version that the caller saw, from `If-Match`."""

IfMatchWhenPresent = Annotated[
    Annotated[int, *_AS_AN_ETAG] | None,
    Header(alias=IF_MATCH, description="The ETag that you saw, when it exists already"),
]
"""The same for a PUT that may create: None, its default, when the caller saw nothing."""


def lacks_if_match(errors: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a request was refused because it does not say which version it means to change."""
    return any(
        error["loc"] == ("header", IF_MATCH) and error["type"] in {"missing", ANY_VERSION} for error in errors
    )


def required() -> PreconditionRequiredError:
    """Return the refusal of a change that does not say which version it means."""
    return PreconditionRequiredError(
        "if_match_required",
        "Send If-Match with the ETag of the version that you mean to change; `*` names none.",
    )
