"""Appends audit records to the chain, in batches after their commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg
import structlog

from purveyor.audit.chain import CONTENT, GENESIS, LOCK, Head, digest, read_head
from purveyor.db import Transaction
from purveyor.jobs import Chore
from purveyor.signing import signed_with

log = structlog.get_logger(__name__)

SEALED_AT_A_TIME = 1_000
UNSEALED = "SELECT id FROM audit_record WHERE position IS NULL ORDER BY id LIMIT $1"
TO_SEAL = f"SELECT {CONTENT} FROM audit_record WHERE id = ANY($1::uuid[]) ORDER BY id"  # noqa: S608
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
