"""Lists in SQL: their versions, and the entries of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction, new_id
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find
from purveyor.pending import as_json
from purveyor.sql import Statement, only
from sourcing.screening.model.lists import ScreeningBrokenRow, ScreeningList, ScreeningListVersion
from sourcing.screening.rules.forms import Form
from sourcing.screening.rules.loading import LoadStatus
from sourcing.screening.rules.matching import words_of
from sourcing.screening.rules.parties import Party

BROKEN_KEPT = 1_000
"""Of a file's broken rows so many are kept with their lines and reasons; all are counted."""


@dataclass(frozen=True, slots=True)
class ListVersion:
    """A version of a list."""

    list: str
    number: int
    form: Form
    status: LoadStatus
    entries: int
    skipped: int
    broken: int
    new: int
    changed: int
    gone: int
    problem: str | None
    loaded_by: str
    begun_at: datetime
    worked_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Current:
    """A list, and the version of it that suppliers are held against."""

    code: str
    version: int


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that could not be read."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list, by the id of its row."""

    id: UUID
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Often:
    """A word that several entries have."""

    word: str
    entries: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file that has arrived makes of the version before it."""

    before: int
    new: int
    changed: int
    gone: int


VERSION = ", ".join(ListVersion.__slots__)
MAKE = Statement(only, "INSERT INTO screening_list (code) VALUES (:list) ON CONFLICT DO NOTHING")
LOCK = Statement(Current, "SELECT code, version FROM screening_list WHERE code = :list FOR UPDATE")
LISTS = Statement(Current, "SELECT code, version FROM screening_list WHERE version > 0 ORDER BY code")
LOADING = Statement(
    ListVersion,
    "SELECT {columns} FROM screening_list_version WHERE list = :list AND status = 'loading'",
    columns=VERSION,
)
BEGIN = Statement(
    ListVersion,
    """
    INSERT INTO screening_list_version (list, number, form, status, loaded_by, begun_at, worked_at)
    SELECT :list, coalesce(max(number), 0) + 1, :form, 'loading', :actor, :now, :now
    FROM screening_list_version WHERE list = :list
    RETURNING {columns}
    """,
    columns=VERSION,
)
ARRIVE = Statement(
    only,
    """
    INSERT INTO screening_arrival (list, number, reference, digest)
    SELECT :list, :number, reference, digest
    FROM unnest(:references::text[], :digests::bytea[]) AS row (reference, digest)
    ON CONFLICT DO NOTHING RETURNING reference
    """,
)
KEEP = """
INSERT INTO screening_entry (id, list, reference, digest, content, words, since_version)
SELECT $1, $2, $3, $4, $5::jsonb, $6, $7
WHERE NOT EXISTS (
  SELECT FROM screening_entry WHERE list = $2 AND reference = $3 AND digest = $4
    AND since_version <= $8 AND (until_version IS NULL OR until_version > $8)
)
"""
REFUSE_ROW = """
INSERT INTO screening_broken_row (list, number, line, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""
PROGRESS = Statement(
    ListVersion,
    """
    UPDATE screening_list_version SET entries = entries + :entries, skipped = skipped + :skipped,
      broken = broken + :broken, worked_at = :now
    WHERE list = :list AND number = :number AND status = 'loading' RETURNING {columns}
    """,
    columns=VERSION,
)
VISIBLE = "since_version <= :version AND (until_version IS NULL OR until_version > :version)"
DIFFERENCE = Statement(
    Difference,
    """
    SELECT count(entry.id) AS before, count(*) FILTER (WHERE entry.id IS NULL) AS new,
      count(*) FILTER (WHERE entry.digest <> arrival.digest) AS changed,
      count(*) FILTER (WHERE arrival.reference IS NULL) AS gone
    FROM (SELECT * FROM screening_entry WHERE list = :list AND {visible}) AS entry
    FULL JOIN (SELECT * FROM screening_arrival WHERE list = :list AND number = :number) AS arrival
      USING (reference)
    """,
    visible=VISIBLE,
)
END_ENTRIES = Statement(
    only,
    """
    UPDATE screening_entry AS entry SET until_version = :number
    WHERE list = :list AND {visible} AND NOT EXISTS (
      SELECT FROM screening_arrival AS arrival
      WHERE arrival.list = :list AND arrival.number = :number AND arrival.reference = entry.reference
        AND arrival.digest = entry.digest
    )
    """,
    visible=VISIBLE,
)
FORGET_ARRIVALS = Statement(only, "DELETE FROM screening_arrival WHERE list = :list AND number = :number")
FORGET_ENTRIES = Statement(only, "DELETE FROM screening_entry WHERE list = :list AND since_version = :number")
END = Statement(
    ListVersion,
    """
    UPDATE screening_list_version SET status = :status, problem = :problem, new = :new, changed = :changed,
      gone = :gone, ended_at = :now, worked_at = :now
    WHERE list = :list AND number = :number RETURNING {columns}
    """,
    columns=VERSION,
)
HOLD = Statement(only, "UPDATE screening_list SET version = :number WHERE code = :list")
ENTRIES = Statement(
    Entry,
    """
    SELECT id, content FROM screening_entry
    WHERE list = :list AND {visible} AND since_version > :newer_than AND id > :after
    ORDER BY id LIMIT :at_most
    """,
    visible=VISIBLE,
)
COUNT = Statement(
    only,
    """
    SELECT count(*) FROM screening_entry WHERE list = :list AND {visible} AND since_version > :newer_than
    """,
    visible=VISIBLE,
)
OFTEN = Statement(
    Often,
    """
    SELECT word, count(*) AS entries FROM screening_entry, unnest(words) AS word
    WHERE list = :list AND {visible} GROUP BY word HAVING count(*) > 1
    """,
    visible=VISIBLE,
)
ONE_VERSION = Statement(
    ListVersion,
    "SELECT {columns} FROM screening_list_version WHERE list = :list AND number = :number",
    columns=VERSION,
)


async def take(
    tx: Transaction, version: ListVersion, current: int, parties: Sequence[tuple[int, Party]]
) -> list[BrokenRow]:
    """Keep parties of a file, each with its line, that are not as before; returns those that came twice."""
    once: dict[str, tuple[int, Party]] = {}
    twice: list[BrokenRow] = []
    for line, party in parties:
        if party.reference in once:
            twice.append(_again(line, party))
        else:
            once[party.reference] = (line, party)
    arrived = set(
        await ARRIVE.all(
            tx.connection,
            list=version.list,
            number=version.number,
            references=list(once),
            digests=[party.digest for _, party in once.values()],
        )
    )
    twice += [_again(line, party) for line, party in once.values() if party.reference not in arrived]
    await tx.connection.executemany(
        KEEP,
        [
            (
                new_id(),
                version.list,
                party.reference,
                party.digest,
                as_json(party.content()),
                sorted(words_of(party)),
                version.number,
                current,
            )
            for _, party in once.values()
            if party.reference in arrived
        ],
    )
    return twice


def _again(line: int, party: Party) -> BrokenRow:
    return BrokenRow(line, f"the entry {party.reference} stands in a row before it already")


async def keep_broken(tx: Transaction, version: ListVersion, rows: Sequence[BrokenRow]) -> None:
    """Keep why rows could not be read."""
    await tx.connection.executemany(
        REFUSE_ROW, [(version.list, version.number, row.line, row.reason) for row in rows]
    )


LISTS_OF_LISTS = Listing(
    name="screening-lists",
    sorts=both_ways("code", ScreeningList.code),
)
VERSIONS = Listing(
    name="screening-list-versions",
    filters=(
        equal("status", LoadStatus, ScreeningListVersion.status, "Where it is in its life", example="loaded"),
    ),
    sorts=both_ways("number", ScreeningListVersion.number)[::-1],
)
BROKEN_ROWS = Listing(name="screening-broken-rows", sorts=both_ways("line", ScreeningBrokenRow.line))


async def find_lists(tx: Transaction, asked: Asked) -> Found[ScreeningList]:
    """Return a page of the lists that there are."""
    return await find(tx, select(ScreeningList), asked)


async def find_versions(tx: Transaction, code: str, asked: Asked) -> Found[ScreeningListVersion]:
    """Return a page of a list's versions."""
    return await find(tx, select(ScreeningListVersion).where(ScreeningListVersion.list == code), asked)


async def find_broken_rows(
    tx: Transaction, code: str, number: int, asked: Asked
) -> Found[ScreeningBrokenRow]:
    """Return a page of the rows of a version that could not be read."""
    of_version = (ScreeningBrokenRow.list == code, ScreeningBrokenRow.number == number)
    return await find(tx, select(ScreeningBrokenRow).where(*of_version), asked)


async def get_version(tx: Transaction, code: str, number: int) -> ListVersion:
    """Return a version of a list; raises NotFoundError."""
    found = await ONE_VERSION.one_or_none(tx.connection, list=code, number=number)
    if found is None:
        raise NotFoundError("screening list version", f"{code}/{number}")
    return found
