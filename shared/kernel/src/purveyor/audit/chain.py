"""The chain of audit records: its end, what a record's hash is of, and what is found wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Literal, Self

import asyncpg

from purveyor.db import Connection

GENESIS = bytes(32)
"""What the first record follows."""
LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('purveyor audit', 0))"
WAIT_FOR_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('purveyor audit', 0))"
CONTENT = "id, at, actor, action, entity, entity_id, before::text, after::text, reason, request_id, signature"
WAITING = """
SELECT count(*) AS records,
       coalesce(extract(epoch FROM clock_timestamp() - min(written_at)), 0)::float8 AS seconds
FROM audit_record WHERE position IS NULL
"""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain; noted outside of the database it proves everything up to there."""

    position: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.position}:{self.hash.hex()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a head as it is printed, `position:hash`; raises ValueError for anything else."""
        position, _, digest = text.partition(":")
        return cls(int(position), bytes.fromhex(digest))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was sealed."""

    kind: Literal["changed", "added", "removed", "head", "anchor", "unsigned", "unfinished", "waiting"]
    position: int
    detail: str

    @property
    def is_harmless(self) -> bool:
        """Whether the trail is proven all the same: an unfinished line of a place takes nothing away."""
        return self.kind == "unfinished"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many records wait for their seal, and the oldest for how long, by the database's clock."""

    records: int
    longest: timedelta

    def __str__(self) -> str:
        longest = timedelta(seconds=round(self.longest.total_seconds()))
        return f"{self.records} records wait for their seal, the oldest for {longest}"


def digest(
    position: int,
    previous: bytes,
    content: Mapping[str, Any] | asyncpg.Record,
    signed: bool | None = None,
) -> bytes:
    """Return a record's hash: SHA-256 over its canonical JSON (fields by name, no spaces, UTC, UTF-8).

    `signed` is what the sealing found of its signature; a record from before there were any has neither.
    """
    fields: dict[str, Any] = {"position": position, "previous": previous.hex()}
    for name in ("actor", "action", "entity", "entity_id", "before", "after", "reason", "request_id"):
        fields[name] = content[name]
    fields["id"] = str(content["id"])
    fields["at"] = content["at"].isoformat()
    if content["signature"] is not None:
        fields["signature"] = content["signature"].hex()
    if signed is not None:
        fields["signed"] = signed
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).digest()


async def read_head(connection: Connection) -> Head | None:
    """Return the end of the chain; None before anything was sealed."""
    row = await connection.fetchrow("SELECT position, hash FROM audit_head")
    return None if row is None else Head(row["position"], row["hash"])


async def read_waiting(connection: Connection) -> Waiting:
    """Return what waits for its seal; since when is not what the records say themselves."""
    row = await connection.fetchrow(WAITING)
    assert row is not None  # noqa: S101  # an aggregate
    return Waiting(row["records"], timedelta(seconds=row["seconds"]))
