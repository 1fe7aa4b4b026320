"""The audit trail: records sealed into a hash chain, and the search for any that was tampered with.

Sealing happens in batches after the commits, because a chain written in them would make each wait for the
one before. A sealed record holds the hash of the one before it (`previous`) and its own, over its content,
its position and `previous`; `audit_head` holds the last one's. Whoever rewrites the whole chain and its
head cannot rewrite a head that was noted elsewhere: every batch's is in the log, and `verify` takes one.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal, Self
from uuid import UUID

import asyncpg
import structlog
from pydantic import Field
from sqlalchemy import BigInteger, DateTime, Uuid, column, table

from purveyor.days import Moment
from purveyor.db import Connection, Transaction
from purveyor.erasing import ERASE, ERASED, digests_in, lacking
from purveyor.jobs import Chore
from purveyor.lists import Listing, between, both_ways, equal
from purveyor.pending import AUDIT
from purveyor.signing import signed_with
from purveyor.texts import Code, Line, Reference

log = structlog.get_logger(__name__)

SEALED_AT_A_TIME = 1_000
VERIFIED_AT_A_TIME = 1_000
WAITS_AT_MOST = timedelta(minutes=5)
"""How long a record may wait for its seal: a worker seals twice a second."""
GENESIS = bytes(32)
"""What the first record follows."""

SHOWN = table(
    AUDIT.table,
    column("id", Uuid()),
    column("at", DateTime(timezone=True)),
    column("position", BigInteger()),
    *map(column, AUDIT.columns.keys() - {"id", "at", "signature"}),
)
Position = Annotated[int, Field(ge=0, lt=2**63)]
RECORDS = Listing(
    name="audit",
    id=SHOWN.c.id,
    filters=(
        equal("entity", Code, SHOWN.c.entity, "What kind of thing was changed", example="supplier"),
        equal("entity_id", Reference, SHOWN.c.entity_id, "Which thing was changed"),
        equal("actor", Line, SHOWN.c.actor, "Who changed it", example="bo"),
        *between("at", Moment, SHOWN.c.at, "Done at this moment"),
        *between("position", Position, SHOWN.c.position, "Sealed at this position"),
    ),
    sorts=both_ways("id", SHOWN.c.id)[::-1],
)

LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('purveyor audit', 0))"
WAIT_FOR_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('purveyor audit', 0))"
CONTENT = "id, at, actor, action, entity, entity_id, before::text, after::text, reason, request_id, signature"
SIGNED = ("id", "at", "actor", "action", "entity", "entity_id", "before", "after", "reason", "request_id")
UNSEALED = "SELECT id FROM audit_record WHERE position IS NULL ORDER BY id LIMIT $1"
TO_SEAL = f"SELECT {CONTENT} FROM audit_record WHERE id = ANY($1::uuid[]) ORDER BY id"  # noqa: S608
WAITING = """
SELECT count(*) AS records,
       coalesce(extract(epoch FROM clock_timestamp() - min(written_at)), 0)::float8 AS seconds
FROM audit_record WHERE position IS NULL
"""
MOMENT = (
    "CASE WHEN at >= timestamptz '0001-01-01 00:00:00+00' AND at < timestamptz '10000-01-01 00:00:00+00' "
    "THEN at END AS at"
)
"""A record's moment, where it is one that was sealed: others cannot even be read."""
SEALED = (
    f"SELECT position, previous, hash, signed, {CONTENT.replace(' at,', f' {MOMENT},')} "  # noqa: S608
    "FROM audit_record WHERE position IS NOT NULL ORDER BY position"
)
SEAL = """
UPDATE audit_record
SET position = sealed.position, previous = sealed.previous, hash = sealed.hash, signed = sealed.signed
FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[], $5::boolean[])
     AS sealed (id, position, previous, hash, signed)
WHERE audit_record.id = sealed.id
"""
MOVE_HEAD = """
INSERT INTO audit_head (position, hash) VALUES ($1, $2)
ON CONFLICT (singleton) DO UPDATE SET position = excluded.position, hash = excluded.hash
"""
CANNOT_BE_SEALED = (
    *(ArithmeticError, ValueError, RecursionError, asyncpg.DataError, asyncpg.ProgramLimitExceededError),
    *(asyncpg.IntegrityConstraintViolationError, asyncpg.InternalServerError),
)
"""What a record raises that cannot be read, hashed or sealed."""


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


async def seal(tx: Transaction) -> bool:
    """Append a batch of records to the chain, unless another worker is at it; returns whether more wait.

    With keys, a record that does not carry the signature of one is sealed as what it is: not signed. One that
    cannot be sealed is passed over and keeps waiting, of which `verify` and a metric tell.
    """
    if not await tx.connection.fetchval(LOCK):
        return False
    waiting = [row["id"] for row in await tx.connection.fetch(UNSEALED, SEALED_AT_A_TIME)]
    sealed = await _seal_around(tx, waiting) if waiting else 0
    if sealed:
        log.info("audit_sealed", records=sealed, head=str(await read_head(tx.connection)))
    return sealed > 0 and len(waiting) == SEALED_AT_A_TIME


async def _seal_around(tx: Transaction, waiting: Sequence[UUID]) -> int:
    """Seal what can be, and halve what cannot until the records are found that hinder; returns how many."""
    try:
        async with tx.connection.transaction():
            await _append(tx, await tx.connection.fetch(TO_SEAL, waiting))
    except CANNOT_BE_SEALED as error:
        if len(waiting) == 1:
            log.error("audit_record_cannot_be_sealed", id=str(waiting[0]), reason=repr(error))
            return 0
        half = len(waiting) // 2
        return await _seal_around(tx, waiting[:half]) + await _seal_around(tx, waiting[half:])
    return len(waiting)


async def _append(tx: Transaction, records: Sequence[asyncpg.Record]) -> None:
    head = await read_head(tx.connection) or Head(0, GENESIS)
    keys = tx.database.record_keys
    sealed = []
    for record in records:
        *content, signature = record
        signed = signed_with(keys, content, signature) if keys else None
        following = head.position + 1
        hash_ = digest(following, head.hash, record, signed)
        sealed.append((record["id"], following, head.hash, hash_, signed))
        if signed is False:
            log.error("audit_record_not_signed", id=str(record["id"]), position=following)
        head = Head(following, hash_)
    await tx.connection.execute(SEAL, *map(list, zip(*sealed, strict=True)))
    await tx.connection.execute(MOVE_HEAD, head.position, head.hash)


SEALING = Chore("seal-audit-records", timedelta(milliseconds=500), seal, timedelta(seconds=30))


async def verify(
    connection: Connection, expected_head: Head | None = None, keys: Sequence[bytes] = ()
) -> AsyncIterator[Finding]:
    """Yield what was changed, added or removed since its seal, and whether records wait too long for theirs.

    `expected_head` is one that was noted outside: nothing up to it can have been rewritten unseen. With all
    keys that ever signed records, what the sealing noted of their signatures is not believed but computed.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute("SET LOCAL transaction_timeout = 0")
        head = await read_head(connection)
        last, last_intact = Head(0, GENESIS), False
        personal, signatures = _PersonalValues(connection), _Signatures(keys)
        async for record in connection.cursor(SEALED, prefetch=VERIFIED_AT_A_TIME):
            place = Head(record["position"], record["hash"])
            end = head.position if head else place.position
            for finding in _missing(last.position + 1, min(place.position - 1, end)):
                yield finding
            intact = record["at"] is not None and place.hash == digest(
                place.position, record["previous"], record, record["signed"]
            )
            if not intact:
                yield Finding("changed", place.position, f"Record {record['id']} is not what was sealed")
            follows = place.position == last.position + 1
            if intact and last_intact and follows and record["previous"] != last.hash:
                yield Finding("changed", last.position, "Sealed anew: the next record was sealed on another")
            is_signed = signatures.holds(record)
            async for finding in personal.of(record, is_believed=is_signed):
                yield finding
            if not is_signed:
                yield Finding("unsigned", place.position, f"No process of ours wrote record {record['id']}")
            if place.position > end:
                yield Finding("added", place.position, f"Record {record['id']} lies behind the chain's end")
            if expected_head and place.position == expected_head.position and place != expected_head:
                yield Finding("head", place.position, "The chain up to here is not the one that was noted")
            last, last_intact = place, intact
        for finding in (*personal.gone(), *_findings_at_the_end(head, last, expected_head)):
            yield finding
        waiting = await read_waiting(connection)
        if waiting.longest > WAITS_AT_MOST:
            yield Finding("waiting", last.position + 1, f"{waiting}: nobody would miss one that was removed")


@dataclass(slots=True)
class _Signatures:
    """Looks whether records were signed, from the first one on that was."""

    keys: Sequence[bytes]
    have_begun: bool = False

    def holds(self, record: asyncpg.Record) -> bool:
        """Whether a record is signed by a key, or from before there were keys.

        Without keys here, it is what the sealing noted.
        """
        if not self.keys:
            return record["signed"] is not False
        self.have_begun = self.have_begun or record["signed"] is not None
        if not self.have_begun:
            return True
        content = [record[name] for name in SIGNED]
        readable = record["at"] is not None and record["signed"] is True
        return readable and signed_with(self.keys, content, record["signature"])


@dataclass(slots=True)
class _PersonalValues:
    """Looks whether personal values are what the chain says, and those that are gone were erased."""

    connection: Connection
    missing: dict[str, int] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    async def of(self, record: asyncpg.Record, *, is_believed: bool) -> AsyncIterator[Finding]:
        """Yield what is not as it was; note what is gone, and what was erased."""
        if record["action"] == ERASE and is_believed:
            self.erased.update(json.loads(record["after"] or "{}").get(ERASED, ()))
        digests = digests_in(record["before"], record["after"])
        if digests:
            gone, forged = await lacking(self.connection, record["id"], digests)
            self.missing |= dict.fromkeys(gone, record["position"])
            for _ in forged:
                yield Finding("changed", record["position"], "A personal value is not what was sealed")

    def gone(self) -> list[Finding]:
        """Return the values that are gone though no record of the trail says that they were erased."""
        return [
            Finding(
                "removed", position, "A personal value was removed, and no record says that it was erased"
            )
            for digest, position in self.missing.items()
            if digest not in self.erased
        ]


def _missing(first: int, last: int) -> list[Finding]:
    if first > last:
        return []
    places = f"position {first}" if first == last else f"positions {first} to {last}"
    return [Finding("removed", first, f"There is no record at {places}")]


def _findings_at_the_end(head: Head | None, last: Head, expected: Head | None) -> list[Finding]:
    findings = []
    if head is None:
        if last.position:
            findings.append(Finding("head", last.position, "The end of the chain is not noted"))
    else:
        findings += _missing(last.position + 1, head.position)
        if last.position == head.position and last.hash != head.hash:
            findings.append(Finding("head", head.position, "The last record or the noted end was replaced"))
    if expected is not None and last.position < expected.position:
        findings.append(Finding("head", expected.position, "The chain was longer when its end was noted"))
    return findings
