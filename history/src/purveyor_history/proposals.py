"""What one person proposes to import, for another to let in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from purveyor_history.platform import Platform, RefusedError

SERVICES = ("sourcing", "procurement")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one service was proposed to import, and what it adds up to there."""

    service: str
    id: str
    digest: str
    figures: dict[str, Any]

    @classmethod
    def of(cls, service: str, shown: dict[str, Any]) -> Proposal:
        """Read a proposal as a service shows it."""
        return cls(service, shown["id"], shown["figures"]["digest"], shown["figures"])


async def let_in(platform: Platform, token: str, proposals: Iterable[Proposal]) -> None:
    """Let in what somebody else has proposed; raises RefusedError for who proposed it, or other rows."""
    for proposal in proposals:
        path = f"/v1/imports/{proposal.id}:approve"
        await platform.done(token, proposal.service, "POST", path, body={"digest": proposal.digest})


async def find_proposals(platform: Platform, token: str, ids: Iterable[str]) -> list[Proposal]:
    """Return proposals with their figures now, whichever service each is of; raises RefusedError for none."""
    found = []
    for id_ in ids:
        for service in SERVICES:
            answer = await platform.ask(token, service, "GET", f"/v1/imports/{id_}")
            if answer.status < 400:
                found.append(Proposal.of(service, answer.body))
                break
            if answer.status != 404 or service == SERVICES[-1]:
                raise RefusedError(answer)
    return found
