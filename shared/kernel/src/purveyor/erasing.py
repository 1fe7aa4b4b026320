"""Personal values in the audit trail: found again by their digests, checked against them, and erased.

The chain holds salted digests. A value that is erased is gone with its salt, so that nobody can try what it
was; that it was erased is a record of the trail, which names its digest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from purveyor.db import Connection, Transaction
from purveyor.errors import NotFoundError
from purveyor.pending import PERSONAL
from purveyor.signing import stands_for
from purveyor.texts import comparable

ERASE = "erase"
ERASED = "erased"
"""What is shown in the place of a value that was erased, and the field that names the digests of those."""

DIGESTS = re.compile(rf'\{{"{PERSONAL}": "([0-9a-f]{{64}})"\}}')
"""How PostgreSQL writes what stands for a value; within a text its quotes would be escaped."""
TELEPHONE = re.compile(r"[-+\d\s()/.\u2010-\u2015]+")
SHORTEST_NUMBER = 5
"""Fewer digits are in too many numbers."""
OF_RECORDS = "SELECT record, digest, value::text FROM audit_personal WHERE record = ANY($1::uuid[])"
OF_RECORD = "SELECT digest, salt, value::text AS value FROM audit_personal WHERE record = $1"
OF_THING = """
SELECT personal.record, personal.digest, personal.value::text AS value
FROM audit_personal AS personal JOIN audit_record ON audit_record.id = personal.record
WHERE audit_record.entity = $1 AND audit_record.entity_id = $2
"""
DELETE = """
DELETE FROM audit_personal USING unnest($1::uuid[], $2::bytea[]) AS gone (record, digest)
WHERE audit_personal.record = gone.record AND audit_personal.digest = gone.digest
"""


def digests_in(before: str | None, after: str | None) -> set[str]:
    """Return the digests of the personal values in an audit record, as PostgreSQL writes it."""
    return {found for text in (before, after) if text is not None for found in DIGESTS.findall(text)}


async def lacking(connection: Connection, record: UUID, digests: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return which personal values of a record are not there, and which are not what their digests say."""
    rows = {row["digest"].hex(): row for row in await connection.fetch(OF_RECORD, record)}
    there = {digest: rows[digest] for digest in digests if digest in rows}
    forged = {d for d, row in there.items() if not stands_for(row["digest"], row["salt"], row["value"])}
    return set(digests) - there.keys(), forged


async def with_values(connection: Connection, records: Iterable[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """Return the personal values of audit records, by their digests."""
    found: dict[UUID, dict[str, Any]] = {}
    for record, digest, value in await connection.fetch(OF_RECORDS, list(records)):
        found.setdefault(record, {})[digest.hex()] = json.loads(value)
    return found


def shown(content: Any, values: Mapping[str, Any]) -> Any:
    """Return what an audit record says with its personal values in their places; what is gone is `erased`."""
    if isinstance(content, list):
        return [shown(each, values) for each in content]
    if not isinstance(content, dict):
        return content
    if content.keys() == {PERSONAL} and isinstance(content[PERSONAL], str):
        return values.get(content[PERSONAL], ERASED)
    return {name: shown(each, values) for name, each in content.items()}


def speaks_of(value: Any, matching: str) -> bool:
    """Whether a personal value holds this text: part of a name or address, a number in any spacing."""
    if isinstance(value, Mapping):
        return any(speaks_of(each, matching) for each in value.values())
    if isinstance(value, list):
        return any(speaks_of(each, matching) for each in value)
    if not isinstance(value, str):
        return False
    wanted, number = _words(matching), _number(matching)
    if not wanted:
        return False
    return wanted in _words(value) or (len(number) >= SHORTEST_NUMBER and number in _number(value))


def _words(text: str) -> str:
    return " ".join(comparable(text).split())


def _number(text: str) -> str:
    """Return the digits of a telephone number without what leads into a country or town; else nothing."""
    plain = comparable(text)
    if not TELEPHONE.fullmatch(plain):
        return ""
    return "".join(filter(str.isdecimal, plain.replace("(0)", ""))).lstrip("0")


async def erase(tx: Transaction, entity: str, entity_id: str, matching: str | None, *, reason: str) -> int:
    """Erase the personal values in all that was audited of a thing, or those that hold a text.

    Returns how many; raises NotFoundError when there is none.
    """
    rows = [
        row
        for row in await tx.connection.fetch(OF_THING, entity, entity_id)
        if matching is None or speaks_of(json.loads(row["value"]), matching)
    ]
    if not rows:
        raise NotFoundError("personal data", f"of {entity} {entity_id}")
    await tx.connection.execute(DELETE, [row["record"] for row in rows], [row["digest"] for row in rows])
    erased = sorted({row["digest"].hex() for row in rows})
    tx.audit(ERASE, entity, entity_id, after={ERASED: erased}, reason=reason)
    return len(rows)
