"""The fields of answers that are documented: what each says, and which operations promise which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

ETAG, LOCATION, PREFERENCE_APPLIED = "ETag", "Location", "Preference-Applied"
CONTENT_DISPOSITION = "Content-Disposition"
COMPONENT = "#/components/headers/"
_TEXT = {"type": "string"}

FIELDS: dict[str, dict[str, Any]] = {
    "X-Request-Id": {
        "description": "What the service calls this request, yours if you sent one; quote it in reports",
        "required": True,
        "schema": _TEXT,
        "example": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    },
    ETAG: {
        "description": "The version, and in a read a digest of what is shown; send it as If-Match to change "
        "it, as If-None-Match to read it only when it has changed (RFC 9110)",
        "required": True,
        "schema": _TEXT,
        "example": '"3-1f0a9c2b7d44"',
    },
    LOCATION: {
        "description": "Where what was created is read",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
        "example": "/v1/imports/0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    },
    CONTENT_DISPOSITION: {
        "description": "The name to keep a document under, and whether it is to be shown or kept (RFC 6266)",
        "required": True,
        "schema": _TEXT,
        "example": 'inline; filename="PO-000042-1.xml"',
    },
    "Link": {
        "description": "Where the next page is, relative to this one; absent on the last (RFC 8288)",
        "schema": _TEXT,
        "example": '<?cursor=WzEsIjIiXQ==>; rel="next"',
    },
    PREFERENCE_APPLIED: {
        "description": "The preference that was followed (RFC 7240)",
        "required": True,
        "schema": _TEXT,
        "example": "respond-async",
    },
    "Idempotent-Replayed": {
        "description": "`true` when this is the stored answer to an Idempotency-Key that was used before",
        "schema": {"type": "string", "enum": ["true"]},
        "example": "true",
    },
    "RateLimit-Policy": {
        "description": "The quotas that this request counts against, each with its requests `q` in a window "
        "of `w` seconds (draft-ietf-httpapi-ratelimit-headers); absent where there is none",
        "schema": _TEXT,
        "example": '"address";q=6000;w=60, "caller";q=3000;w=60',
    },
    "RateLimit": {
        "description": "What remains of each quota, `r`, and the seconds `t` until it is whole again",
        "schema": _TEXT,
        "example": '"address";r=5990;t=1, "caller";r=2990;t=1',
    },
    "Retry-After": {
        "description": "In how many seconds to ask again",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
        "example": "1",
    },
    "WWW-Authenticate": {
        "description": "How to say who you are",
        "required": True,
        "schema": _TEXT,
        "example": "Bearer",
    },
}
EVERYWHERE = ("X-Request-Id", "RateLimit-Policy", "RateLimit")
OF_REFUSALS = {
    "401": ("WWW-Authenticate",),
    "409": ("Retry-After",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}
PROMISED = frozenset({ETAG.lower(), LOCATION.lower()})
"""What an answer carries when its operation says so, and never otherwise."""


def carries(*names: str) -> dict[str, Any]:
    """Promise fields of an answer; stands in a route's `responses`, under a status."""
    return {"headers": {name: reference(name) for name in names}}


def reference(name: str) -> dict[str, str]:
    """Return where a field is described."""
    return {"$ref": f"{COMPONENT}{name}"}


def promised(
    responses: Mapping[int | str, Mapping[str, Any]], status: int, *, of_a_version: bool
) -> dict[int, frozenset[str]]:
    """Return the fields that a route promises, by status; who changes a version is told the new one."""
    statuses = {status} | {int(code) for code in responses if int(code) < 300}
    always = {ETAG.lower()} if of_a_version else set()
    return {
        code: frozenset(always | {name.lower() for name in responses.get(code, {}).get("headers", ())})
        for code in statuses
    }


def expect_as_promised(response: Response, fields: Mapping[int, frozenset[str]]) -> None:
    """Raise RuntimeError when an answer carries what its route does not promise, or lacks what it does."""
    status = response.status_code
    if status >= 300:
        return
    carried = {name for name in PROMISED if name in response.headers}
    if carried != fields.get(status, frozenset()) & PROMISED:
        said = f"responses={{{status}: carries({', '.join(sorted(carried)).upper()})}}"
        raise RuntimeError(
            f"the answer {status} carries {sorted(carried)}, and its route does not say: {said}"
        )
