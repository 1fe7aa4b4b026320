"""How often somebody may ask: counted in memory, by a clock that nobody sets, for a bounded number of people.

The counting is that of a leaky bucket (GCRA): a key is one number, the moment at which all that it has used
will have come back. Nothing is stored elsewhere, so each process grants its quotas by itself.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from purveyor.errors import ProblemError

KEYS_KEPT = 20_000
"""Who has not asked for longest is forgotten first; as a rule their quota was whole again."""
ROUNDING = 1e-3
"""A share of one request, more than what is lost in adding up."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How much one key may use within a window of seconds."""

    name: str
    limit: int
    window: float


class Standing(NamedTuple):
    """What is left of a quota, and the seconds until it is whole again."""

    quota: Quota
    remaining: int
    whole_in: float


class TooManyRequestsError(ProblemError):
    """More was asked than a quota grants; `Retry-After` says when to ask again."""

    status = 429
    title = "Too many requests"

    def __init__(self, quota: Quota, detail: str, retry_after: float) -> None:
        super().__init__("too_many_requests", detail)
        self.extensions["violated-policies"] = [quota.name]  # as the draft of the RateLimit fields has it
        self.headers = MappingProxyType({"Retry-After": str(math.ceil(retry_after))})


class Meter:
    """Counts what each key uses of a quota."""

    def __init__(self, quota: Quota, detail: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.quota = quota
        self.detail = detail
        self.clock = clock
        self._cost = quota.window / quota.limit
        self._whole_at: OrderedDict[Hashable, float] = OrderedDict()

    def use(self, key: Hashable) -> Standing:
        """Take one from a key's quota; raises TooManyRequestsError, and takes nothing, when none is left."""
        now = self.clock()
        whole_at = max(self._whole_at.get(key, now), now) + self._cost
        self._expect_one(whole_at - now)
        self._whole_at[key] = whole_at
        self._whole_at.move_to_end(key)
        if len(self._whole_at) > KEYS_KEPT:
            self._whole_at.popitem(last=False)
        remaining = (self.quota.window - whole_at + now) / self._cost
        return Standing(self.quota, int(remaining + ROUNDING), whole_at - now)

    def expect(self, key: Hashable) -> None:
        """Raise TooManyRequestsError when nothing is left of a key's quota; takes nothing."""
        whole_at = self._whole_at.get(key)
        if whole_at is not None:
            self._expect_one(whole_at - self.clock() + self._cost)

    def note(self, key: Hashable) -> None:
        """Take one from a key's quota, if there is one."""
        try:
            self.use(key)
        except TooManyRequestsError:
            return

    def _expect_one(self, whole_in: float) -> None:
        if whole_in > self.quota.window + self._cost * ROUNDING:
            raise TooManyRequestsError(self.quota, self.detail, whole_in - self.quota.window)


def headers_of(standings: Sequence[Standing]) -> list[tuple[bytes, bytes]]:
    """Return what is left as `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers)."""
    left = ", ".join(
        [f'"{one.quota.name}";r={one.remaining};t={math.ceil(one.whole_in)}' for one in standings]
    )
    return [
        (b"ratelimit-policy", _policies(*[one.quota for one in standings])),
        (b"ratelimit", left.encode()),
    ]


@cache
def _policies(*quotas: Quota) -> bytes:
    return ", ".join(f'"{one.name}";q={one.limit};w={math.ceil(one.window)}' for one in quotas).encode()
