"""Where a consumer stands in the partitions of its topic, kept in its own database.

A database that was restored stands where it stood when it was backed up, and its consumer reads on from
there, whatever the broker believes to have been read.
"""

from __future__ import annotations

from collections.abc import Mapping

from purveyor.db import Database
from purveyor_messaging.consumer import Consumer

READ = "SELECT partition, next_offset FROM consumer_place WHERE consumer = $1 AND topic = $2"

WRITE = """
INSERT INTO consumer_place (consumer, topic, partition, next_offset)
SELECT $1, $2, * FROM unnest($3::integer[], $4::bigint[])
ON CONFLICT (consumer, topic, partition) DO UPDATE SET next_offset = excluded.next_offset
"""


async def read_places(database: Database, consumer: Consumer) -> dict[int, int]:
    """Return the next offset to read of each partition; those that are missing have never been read."""
    async with database.connection() as connection:
        rows = await connection.fetch(READ, consumer.name, consumer.topic)
    return {row[0]: row[1] for row in rows}


async def write_places(database: Database, consumer: Consumer, places: Mapping[int, int]) -> None:
    """Note how far partitions have been settled: never further than their effects are committed."""
    async with database.connection() as connection:
        await connection.execute(WRITE, consumer.name, consumer.topic, list(places), list(places.values()))
