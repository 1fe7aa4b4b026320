"""ETags and `If-Match`: nobody overwrites a change that they have not seen."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Response
from sqlalchemy import inspect

from purveyor.db import Base
from purveyor.errors import PreconditionFailedError, PreconditionRequiredError
from purveyor.versions import Versioned

DIGITS_OF_A_VERSION = 9


def set_etag(response: Response, versioned: Versioned) -> None:
    """Send an aggregate's version as its ETag; raises RuntimeError while a change is not flushed yet."""
    if isinstance(versioned, Base):
        state = inspect(versioned)
        if state.modified or state.pending:
            raise RuntimeError("its version is not known yet: await tx.flush() before its ETag is sent")
    response.headers["ETag"] = f'"{versioned.version}"'


async def _if_match(
    if_match: Annotated[
        str | None, Header(description="The ETag that you saw; 428 without, 412 when stale", examples=['"3"'])
    ] = None,
) -> int:
    if if_match is None:
        raise PreconditionRequiredError(
            "if_match_required", "Send If-Match with the ETag of the version that you mean to change."
        )
    version = if_match.removeprefix("W/").strip('"')
    if not version.isdecimal() or len(version) > DIGITS_OF_A_VERSION:
        raise PreconditionFailedError("etag_unknown", f"If-Match {if_match} is not an ETag of this service.")
    return int(version)


async def _if_match_when_present(
    if_match: Annotated[
        str | None, Header(description="The ETag that you saw, when it exists already", examples=['"3"'])
    ] = None,
) -> int | None:
    return None if if_match is None else await _if_match(if_match)


IfMatch = Annotated[int, Depends(_if_match)]
"""The version that the caller saw, from `If-Match`."""

IfMatchWhenPresent = Annotated[int | None, Depends(_if_match_when_present)]
"""The same for a PUT that may create: None when the caller saw nothing."""
