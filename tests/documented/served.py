"""Where the services under test answer."""

from __future__ import annotations

from dataclasses import dataclass

from purveyor_cli.issuer import LocalIssuer


@dataclass(frozen=True, slots=True)
class Served:
    """Where the services answer, and who vouches for their callers."""

    urls: dict[str, str]
    issuer: LocalIssuer
