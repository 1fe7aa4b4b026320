"""A whole stack for the tests of this folder."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from purveyor_cli import stack
from purveyor_contract.roles import Role
from purveyor_history.platform import Platform


@dataclass(frozen=True)
class Running:
    """A running stack, how to speak to it, and the folder that it runs on."""

    stack: stack.Stack
    platform: Platform
    folder: Path

    def token(self, *roles: Role, subject: str = "someone") -> str:
        return self.stack.issuer.token(subject, *roles)


@pytest.fixture(scope="session")
async def running() -> AsyncIterator[Running]:
    """All services in this process, on an embedded PostgreSQL and the local transport."""
    with tempfile.TemporaryDirectory(prefix="purveyor-stack-") as folder:
        options = stack.Options(Path(folder), port_base=0, throw_away=True)
        async with stack.running(options, lambda _: None) as one:
            platform = Platform(one.urls)
            yield Running(one, platform, Path(folder))
            await platform.close()
