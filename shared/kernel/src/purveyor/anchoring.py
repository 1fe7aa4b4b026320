"""Keeping the audit trail anchored outside of its database, and holding it against what was told there.

The database keeps the anchors that it has told, and each place is told what it lacks, so that all have the
same ones. What a place holds and the database does not is the sign of one that went back in time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from prometheus_client import Gauge

from purveyor.anchors import (
    BEGINNING,
    Anchor,
    AnchorError,
    AnchorPlace,
    Told,
    digest_of,
    is_unfinished,
    number_of,
)
from purveyor.audit.chain import LOCK, WAIT_FOR_LOCK, Finding, Head, read_head
from purveyor.db import Connection, Transaction
from purveyor.jobs import Chore
from purveyor.signing import SigningKey

log = structlog.get_logger(__name__)

EVERY = timedelta(minutes=1)
LOOK_EVERY = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=1)
TOLD_AT_A_TIME = 500
TOLD_WITHIN = timedelta(minutes=5)
"""What was anchored before that and is not at a place is missing there."""
AT_A_TIME = 1_000

LAST = "SELECT number, at, position, document FROM audit_anchor ORDER BY number DESC LIMIT 1"
KEEP = "INSERT INTO audit_anchor (number, at, position, document) VALUES ($1, $2, $3, $4)"
DOCUMENT = "SELECT document FROM audit_anchor WHERE number = $1"
LACKING = "SELECT document FROM audit_anchor WHERE number > $1 ORDER BY number LIMIT $2"
KEPT = "SELECT max(number) AS newest, max(number) FILTER (WHERE at < $1) AS settled FROM audit_anchor"
HASHES = "SELECT position, hash FROM audit_record WHERE position = ANY($1::bigint[])"


class DivergedError(Exception):
    """A place outside holds other anchors than the database: it went back in time, or was tampered with."""


def is_due(last_at: datetime | None, last_position: int, position: int, now: datetime) -> bool:
    """Whether the trail's end is to be anchored: each minute when it moved, and each day in any case."""
    if last_at is None or now.date() > last_at.date():
        return True
    return position > last_position and now - last_at >= EVERY


@dataclass(frozen=True, slots=True)
class Anchoring:
    """What a worker does to keep a trail anchored at all its places."""

    service: str
    key: SigningKey
    places: Sequence[AnchorPlace]
    anchored: Gauge

    def chore(self) -> Chore:
        """Return it as a chore of who seals."""
        return Chore("anchor-audit-trail", LOOK_EVERY, self.work, LONGEST_PAUSE)

    async def work(self, tx: Transaction) -> bool:
        """Anchor the end when it is due, or tell the places what they lack; returns whether more is to do.

        An anchor is kept before it is told, so that every place is told the same ones. Raises DivergedError.
        """
        if not await tx.connection.fetchval(LOCK):
            return False
        last, head = await tx.connection.fetchrow(LAST), await read_head(tx.connection)
        newest = last["number"] if last else 0
        ends = [await self._end_of(tx.connection, place, newest) for place in self.places]
        last_at, last_position = (last["at"], last["position"]) if last else (None, 0)
        if head and is_due(last_at, last_position, head.position, tx.now):
            await self._anchor(tx, Told(newest, last["document"]) if last else None, head)
            return True
        for place, end in zip(self.places, ends, strict=True):
            lacking = [row[0] for row in await tx.connection.fetch(LACKING, end, TOLD_AT_A_TIME)]
            if lacking:
                await place.append(lacking)
                log.info("audit_anchored", place=place.name, anchors=len(lacking))
            if len(lacking) == TOLD_AT_A_TIME:
                return True
        self.anchored.labels(self.service).set(tx.now.timestamp())
        return False

    async def begin_again(self, tx: Transaction, reason: str) -> Anchor:
        """Anchor the end of a trail that was restored: it is known that what places know beyond it was lost.

        The database learns the anchors that it has lost. Raises AnchorError when nothing is sealed.
        """
        await tx.connection.execute(WAIT_FOR_LOCK)
        head = await read_head(tx.connection)
        if head is None:
            raise AnchorError("nothing is sealed yet")
        for place in self.places:
            last = await tx.connection.fetchrow(LAST)
            newest = last["number"] if last else 0
            async for document in place.all():
                if not is_unfinished(document) and (number := number_of(document)) > newest:
                    await _keep(tx, Anchor.model_validate_json(document))
                    newest = number
        last = await tx.connection.fetchrow(LAST)
        told = Told(last["number"], last["document"]) if last else None
        tx.audit("begin-again", "audit_trail", self.service, after={"head": str(head)}, reason=reason)
        return await self._anchor(tx, told, head, restored=reason)

    async def _anchor(
        self, tx: Transaction, previous: Told | None, head: Head, restored: str | None = None
    ) -> Anchor:
        anchor = Anchor.signed(
            self.key,
            previous,
            service=self.service,
            at=tx.now,
            position=head.position,
            hash=head.hash.hex(),
            restored=restored,
        )
        await _keep(tx, anchor)
        return anchor

    async def _end_of(self, connection: Connection, place: AnchorPlace, newest: int) -> int:
        document = await place.last()
        if document is None:
            return 0
        number = number_of(document)
        if number > newest or document != await connection.fetchval(DOCUMENT, number):
            raise DivergedError(
                f"{place.name} ends with an anchor {number} that the database has not told: it was restored, "
                "or tampered with (docs/operate/audit.md)"
            )
        return number


async def _keep(tx: Transaction, anchor: Anchor) -> None:
    await tx.connection.execute(KEEP, anchor.number, anchor.at, anchor.position, anchor.document)


@dataclass(slots=True)
class _Reading:
    """Goes through what a place holds, and collects the ends that the trail must have passed."""

    place: AnchorPlace
    service: str
    keys: Mapping[str, Ed25519PublicKey]
    findings: list[Finding] = field(default_factory=list)
    ends: list[Anchor] = field(default_factory=list)
    last: Told | None = None
    recent: deque[Told] = field(default_factory=lambda: deque(maxlen=TOLD_AT_A_TIME * 2))

    def take(self, document: str) -> None:
        """Take the next document; one that was told twice is passed over, an unfinished one is told."""
        number = self.last.number + 1 if self.last else 1
        if is_unfinished(document):
            before = f"{self.place.name}, before anchor {number}"
            what = "an unfinished line stands there: the disk was full, or the process was ended"
            self.findings.append(Finding("unfinished", number, f"{before}: {what}"))
            return
        try:
            anchor = Anchor.read(document, self.service, self.keys)
        except AnchorError as error:
            self._found(number, f"what stands there {error}")
            return
        told = Told(anchor.number, document)
        if told in self.recent:
            return
        if anchor.number != number:
            self._found(number, f"the anchor {anchor.number} stands there")
        elif anchor.previous != (digest_of(self.last.document) if self.last else BEGINNING):
            self._found(number, "it does not follow on the one before")
        if anchor.restored is not None:
            self.ends = [end for end in self.ends if end.position <= anchor.position]
        self.ends.append(anchor)
        self.last = told
        self.recent.append(told)

    def _found(self, number: int, what: str) -> None:
        self.findings.append(Finding("anchor", number, f"{self.place.name}, anchor {number}: {what}"))


async def compare(
    connection: Connection,
    service: str,
    places: Sequence[AnchorPlace],
    keys: Mapping[str, Ed25519PublicKey],
    now: datetime,
) -> AsyncIterator[Finding]:
    """Yield where a trail is not what was anchored, and where anchors are not what was told.

    Together with `audit.verify`, which finds what was changed before an end, nothing up to the last anchor
    can have been rewritten.
    """
    for place in places:
        reading = _Reading(place, service, keys)
        async for document in place.all():
            reading.take(document)
        for finding in reading.findings:
            yield finding
        async for finding in _against_the_database(connection, reading, now):
            yield finding
        async for finding in _against_the_trail(connection, reading):
            yield finding


async def _against_the_database(
    connection: Connection, reading: _Reading, now: datetime
) -> AsyncIterator[Finding]:
    kept = await connection.fetchrow(KEPT, now - TOLD_WITHIN)
    assert kept is not None  # noqa: S101  # an aggregate
    number, name = reading.last.number if reading.last else 0, reading.place.name
    if number < (kept["settled"] or 0):
        yield Finding("anchor", number + 1, f"{name} ends there, and was told {kept['settled']} anchors")
    if number > (kept["newest"] or 0):
        yield Finding("anchor", number, f"{name} was told this anchor, and the database has lost it")
    elif reading.last and reading.last.document != await connection.fetchval(DOCUMENT, number):
        yield Finding("anchor", number, f"{name} has another anchor there than the database")


async def _against_the_trail(connection: Connection, reading: _Reading) -> AsyncIterator[Finding]:
    """Yield the first end at which the trail is another, or that it has not reached."""
    ends = sorted(reading.ends, key=lambda anchor: anchor.position)
    for first in range(0, len(ends), AT_A_TIME):
        batch = ends[first : first + AT_A_TIME]
        rows = await connection.fetch(HASHES, [anchor.position for anchor in batch])
        hashes = {row["position"]: row["hash"].hex() for row in rows}
        for anchor in batch:
            if anchor.position and hashes.get(anchor.position) != anchor.hash:
                what = "is another" if anchor.position in hashes else "is not there"
                told = f"{reading.place.name} was told at {anchor.at:%Y-%m-%d %H:%M} that it ended so"
                yield Finding("head", anchor.position, f"The trail up to here {what}: {told}")
                return
