"""Finds what of the audit trail is not as it was sealed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg

from purveyor.audit.chain import CONTENT, GENESIS, Finding, Head, digest, read_head, read_waiting
from purveyor.db import Connection
from purveyor.erasing import ERASE, ERASED, digests_in, lacking
from purveyor.signing import signed_with

VERIFIED_AT_A_TIME = 1_000
WAITS_AT_MOST = timedelta(minutes=5)
"""How long a record may wait for its seal: a worker seals twice a second."""
SIGNED = ("id", "at", "actor", "action", "entity", "entity_id", "before", "after", "reason", "request_id")
MOMENT = (
    "CASE WHEN at >= timestamptz '0001-01-01 00:00:00+00' AND at < timestamptz '10000-01-01 00:00:00+00' "
    "THEN at END AS at"
)
"""A record's moment, where it is one that was sealed: others cannot even be read."""
SEALED = (
    f"SELECT position, previous, hash, signed, {CONTENT.replace(' at,', f' {MOMENT},')} "  # noqa: S608
    "FROM audit_record WHERE position IS NOT NULL ORDER BY position"
)


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
