"""Partitions of the outbox, created ahead of the ids that will fill them, and kept."""

from __future__ import annotations

from datetime import date

from purveyor.db import Connection, Transaction

OUTBOX_PARTITION_SIZE = 10_000_000
"""Ids of the outbox that one partition holds, as the first one does."""
PARTITIONS_AHEAD = 3
PARTITIONS_LOCK = 0x50_55_52_50_41_52_54_53

POSITION = """
SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('outbox', 'id')::regclass), 0) AS last_id,
       coalesce(max(substring(c.relname FROM '^outbox_(\\d+)$')::bigint), 0) AS last_partition
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'outbox'::regclass
"""


def bounds_of(number: int) -> tuple[int, int]:
    """Return the first and the last id that a partition may hold."""
    return (number - 1) * OUTBOX_PARTITION_SIZE + 1, number * OUTBOX_PARTITION_SIZE


async def create_outbox_partitions(transaction: Transaction, _business_date: date) -> None:
    """Keep partitions for tens of millions of further events ready; nothing to do on most days."""
    connection = transaction.connection
    await connection.execute("SELECT pg_advisory_xact_lock($1)", PARTITIONS_LOCK)
    row = await connection.fetchrow(POSITION)
    assert row is not None  # noqa: S101  # an aggregate
    current = row["last_id"] // OUTBOX_PARTITION_SIZE + 1
    for number in range(row["last_partition"] + 1, current + PARTITIONS_AHEAD + 1):
        await _create(connection, number)


async def top_up_outbox_partitions(transaction: Transaction) -> bool:
    """Do the same as a chore, for a day on which more is written than was kept ready."""
    await create_outbox_partitions(transaction, transaction.now.date())
    return False


async def _create(connection: Connection, number: int) -> None:
    """Create a partition beside the outbox and attach it, which keeps nobody from writing meanwhile."""
    await connection.execute("SELECT create_outbox_partition($1, $2, $3)", number, *bounds_of(number))
