"""Sourcing with a database of its own, and the people who work with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from purveyor.auth import Role
from purveyor.service import ServiceContext
from purveyor_local.issuer import LocalIssuer
from sourcing.main import create_app
from sourcing.settings import NAME, SourcingSettings

TODAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = TODAY

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def context(
    new_database: Callable[[str], Awaitable[str]], issuer: LocalIssuer, clock: Clock
) -> AsyncIterator[ServiceContext]:
    settings = SourcingSettings(
        database_url=await new_database("sourcing"),
        database_pool_size=8,
        oidc_issuer=issuer.url,
        oidc_jwks_file=issuer.jwks_file,
    )
    context = ServiceContext.create(NAME, settings, clock)
    yield context
    await context.database.close()


@pytest.fixture
def app(context: ServiceContext) -> FastAPI:
    return create_app(context)


@pytest.fixture
async def as_person(app: FastAPI, issuer: LocalIssuer) -> AsyncIterator[Callable[..., httpx.AsyncClient]]:
    """Make clients that call as a person in some roles: `as_person("bob", Role.BUYER)`."""
    clients: list[httpx.AsyncClient] = []

    def client(subject: str, *roles: Role, **claims: Any) -> httpx.AsyncClient:
        made = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://test",
            headers={"Authorization": f"Bearer {issuer.token(subject, *roles, **claims)}"},
        )
        clients.append(made)
        return made

    yield client
    for made in clients:
        await made.aclose()


@pytest.fixture
def bob(as_person: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    """A buyer, who registers suppliers."""
    return as_person("bob", Role.BUYER)


@pytest.fixture
def carla(as_person: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    """A category manager, who decides about them."""
    return as_person("carla", Role.CATEGORY_MANAGER)


@pytest.fixture
def admin(as_person: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    """An administrator, who imports."""
    return as_person("ada", Role.ADMIN)
