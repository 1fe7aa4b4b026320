"""Which partition of a Kafka topic a key belongs to, as Java's default partitioner decides it."""

from __future__ import annotations

import struct
from functools import lru_cache

SEED = 0x9747B28C
MULTIPLIER = 0x5BD1E995
BITS = 0xFFFFFFFF


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a key; anything that uses Java's partitioner finds it there too."""
    return _positive_murmur2(key) % partitions


@lru_cache(maxsize=65_536)
def _positive_murmur2(key: bytes) -> int:
    """Return murmur2 as in org.apache.kafka.common.utils.Utils, without its sign bit."""
    length = len(key)
    words = length // 4
    hash_ = SEED ^ length
    for word in struct.unpack_from(f"<{words}I", key):
        mixed = (word * MULTIPLIER) & BITS
        mixed ^= mixed >> 24
        hash_ = ((hash_ * MULTIPLIER) & BITS) ^ ((mixed * MULTIPLIER) & BITS)
    rest = key[words * 4 :]
    if rest:
        hash_ = ((hash_ ^ int.from_bytes(rest, "little")) * MULTIPLIER) & BITS
    hash_ = ((hash_ ^ (hash_ >> 13)) * MULTIPLIER) & BITS
    return (hash_ ^ (hash_ >> 15)) & 0x7FFFFFFF
