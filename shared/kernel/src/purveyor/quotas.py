"""Who may ask how often: an address, a caller, and who sends tokens that are not valid."""

from __future__ import annotations

import ipaddress
from collections.abc import Hashable
from functools import lru_cache

from starlette.types import Scope

from purveyor.rates import Meter, Quota, Standing
from purveyor.settings import Settings

IPV6_NETWORK = 64
"""The smallest network that IPv6 gives to anybody: its addresses are one neighbour's."""


@lru_cache(maxsize=4096)
def neighbour(host: str) -> str:
    """Return what one asker is counted by: an IPv4 address, the network of an IPv6 one."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))


def address_of(scope: Scope) -> str:
    """Return the address that a request came from, that of the client where a trusted proxy names it."""
    client: tuple[str, int] | None = scope.get("client")
    return client[0] if client else "unknown"


class Quotas:
    """The quotas of one process; a setting of 0 leaves one out."""

    def __init__(self, settings: Settings) -> None:
        window = settings.rate_limit_window.total_seconds()

        def meter(name: str, limit: int, detail: str) -> Meter | None:
            return Meter(Quota(name, limit, window), detail) if limit else None

        self._addresses = meter(
            "address", settings.rate_limit_address, "Too many requests come from this address."
        )
        self._callers = meter("caller", settings.rate_limit_caller, "This caller sends too many requests.")
        self._failures = meter(
            "failed-tokens",
            settings.rate_limit_failed_tokens,
            "Too many tokens from this address were not valid.",
        )

    def admit_address(self, scope: Scope) -> None:
        """Count a request from an address; raises TooManyRequestsError."""
        self._use(self._addresses, neighbour(address_of(scope)), scope)

    def admit_caller(self, scope: Scope, client: str, subject: str) -> None:
        """Count a request of a caller, however many tokens they have; raises TooManyRequestsError."""
        self._use(self._callers, (client, subject), scope)

    def expect_few_failures(self, scope: Scope) -> None:
        """Raise TooManyRequestsError when an address has sent too many tokens that were not valid."""
        if self._failures is not None:
            self._failures.expect(neighbour(address_of(scope)))

    def note_failure(self, scope: Scope) -> None:
        """Count a token that was not valid."""
        if self._failures is not None:
            self._failures.note(neighbour(address_of(scope)))

    def _use(self, meter: Meter | None, key: Hashable, scope: Scope) -> None:
        if meter is not None:
            standings: list[Standing] = scope["state"].setdefault("standings", [])
            standings.append(meter.use(key))
