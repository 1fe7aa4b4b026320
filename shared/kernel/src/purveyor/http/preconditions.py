"""ETags, `If-Match` and `If-None-Match`: nobody overwrites what they have not seen, or reads it twice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2s
from typing import Annotated, Any

from fastapi import Header, Response
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError
from sqlalchemy import inspect

from purveyor.db import Base
from purveyor.errors import PreconditionFailedError, PreconditionRequiredError, ProblemError
from purveyor.versions import Seen, Versioned

DIGITS_OF_A_VERSION = 9
IF_MATCH = "If-Match"
ANY_VERSION = "any_version"
WEAK = "weak_etag"
FOREIGN = "foreign_etag"
MOST_TAGS = 20
LIST = re.compile(r'\s*(?:,\s*)*((?:W/)?"[\x21\x23-\x7e\x80-\xff]*")\s*(?=,|$)')
"""One entity tag of a list (RFC 9110, 8.8.3 and 5.6.1: empty elements are passed over)."""


def set_etag(response: Response, versioned: Versioned) -> None:
    """Send an aggregate's version as its ETag; raises RuntimeError while a change is not flushed yet."""
    if isinstance(versioned, Base):
        state = inspect(versioned)
        if state.modified or state.pending:
            raise RuntimeError("its version is not known yet: await tx.flush() before its ETag is sent")
    response.headers["ETag"] = f'"{versioned.version}"'


def sign_what_was_read(response: Response) -> None:
    """Let the ETag of what is read speak of all that is shown, also of what is not the aggregate's own.

    A supplier shows its score, which is no change of the supplier: the version stays, and the text after it
    changes. `If-Match` goes by the version alone.
    """
    etag = response.headers.get("etag")
    if etag is not None and response.status_code == 200:
        shown = blake2s(bytes(response.body), digest_size=6).hexdigest()
        response.headers["ETag"] = f'{etag[:-1]}-{shown}"'


def versions_seen(lines: Sequence[str]) -> Seen:
    """Return the versions that the lines of an `If-Match` name, compared strongly (RFC 9110, 13.1.1).

    `*` matches any version, so it would overwrite what nobody has seen: it is no answer to our wish for a
    condition (RFC 6585, 3), and refused like a request without one. A weak tag matches nothing, and neither
    does one that we never made.
    """
    field = ", ".join(lines)
    if field.strip() == "*":
        raise PydanticCustomError(ANY_VERSION, "it names no version")
    tags = entity_tags(field)
    if tags is None or len(tags) > MOST_TAGS:
        raise ValueError('not an ETag of this service, which look like "3"')
    strong = [tag for tag in tags if not tag.startswith("W/")]
    if not strong:
        raise PydanticCustomError(WEAK, "it is weak")
    found = tuple(int(one["version"]) for tag in strong if (one := _ETAG.fullmatch(tag)) is not None)
    if not found:
        raise PydanticCustomError(FOREIGN, "it is not of here")
    return found


def entity_tags(field: str) -> list[str] | None:
    """Return the entity tags of a list; None when it is none."""
    tags: list[str] = []
    at = 0
    while found := LIST.match(field, at):
        tags.append(found[1])
        at = found.end()
    return tags if tags and not field[at:].strip(", \t") else None


def is_had(etag: str, if_none_match: str) -> bool:
    """Whether `If-None-Match` says that a caller has what this ETag stands for, compared weakly.

    What is no list of tags matches nothing: to answer in full is never wrong.
    """
    if if_none_match.strip() == "*":
        return True
    weakly = {tag.removeprefix("W/") for tag in entity_tags(if_none_match) or ()}
    return etag.removeprefix("W/") in weakly


ONE = rf'"[0-9]{{1,{DIGITS_OF_A_VERSION}}}(-[0-9a-f]{{12}})?"'
ETAG = rf"^{ONE}(, ?{ONE}){{0,{MOST_TAGS - 1}}}$"
_ETAG = re.compile(rf'"(?P<version>[0-9]{{1,{DIGITS_OF_A_VERSION}}})(-[0-9a-f]{{12}})?"')
_AS_ETAGS = (
    BeforeValidator(versions_seen),
    WithJsonSchema({"type": "string", "pattern": ETAG, "examples": ['"3"']}),
)

IfMatch = Annotated[
    Seen,
    Header(
        alias=IF_MATCH,
        description="The ETag that you saw, or a list of them; 428 without and for `*`, which names no "
        "version, 412 when it is stale or weak",
    ),
    *_AS_ETAGS,
]
"""The versions that the caller would change, from `If-Match`: as a rule the one that it saw."""

IfMatchWhenPresent = Annotated[
    Annotated[Seen, *_AS_ETAGS] | None,
    Header(alias=IF_MATCH, description="The ETag that you saw, when it exists already"),
]
"""The same for a PUT that may create: None, its default, when the caller saw nothing."""


def refusal_of(errors: Sequence[Mapping[str, Any]]) -> ProblemError | None:
    """Return why a request was refused that does not say, or not strongly, which version it means."""
    of_header = {error["type"] for error in errors if error["loc"] == ("header", IF_MATCH)}
    if of_header & {"missing", ANY_VERSION}:
        return PreconditionRequiredError(
            "if_match_required",
            "Send If-Match with the ETag of the version that you mean to change; `*` names none.",
        )
    if FOREIGN in of_header:
        return PreconditionFailedError(
            "etag_unknown",
            'Nothing here has or ever had this ETag; ours look like "3". Read the thing again, and send the '
            "ETag that comes with it.",
        )
    if WEAK in of_header:
        return PreconditionFailedError(
            "etag_weak",
            "A weak ETag (W/…) names no version for sure, so it matches none (RFC 9110, 13.1.1). Something "
            "between us, which compresses perhaps, has weakened it: send what is within, without the W/.",
        )
    return None
