"""A running service with a clock that tests set, and its API as a buyer and as a supplier asks it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from purveyor import policies
from purveyor.service import ServiceContext
from purveyor.testing.databases import Databases, as_runtime
from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.roles import Role
from supplier_performance.main import create_app
from supplier_performance.settings import NAME, SupplierPerformanceSettings

from .world import NOON, Clock, World


@pytest.fixture(scope="session")
def session_clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
async def session_database(new_database: Callable[[str], Awaitable[str]]) -> str:
    return await new_database(NAME)


@pytest.fixture(scope="session")
async def session_context(
    session_database: str, issuer: LocalIssuer, session_clock: Clock
) -> AsyncIterator[ServiceContext]:
    """The service, made once: the statements that it has compiled and prepared stay so."""
    settings = SupplierPerformanceSettings(
        database_url=as_runtime(session_database),
        oidc_issuer=issuer.url,
        oidc_jwks_file=issuer.jwks_file,
    )
    context = ServiceContext.create(NAME, settings, session_clock)
    yield context
    await context.database.close()


@pytest.fixture(scope="session")
def session_app(session_context: ServiceContext) -> FastAPI:
    return create_app(session_context)


@pytest.fixture
def clock(session_clock: Clock) -> Clock:
    session_clock.now = NOON
    return session_clock


@pytest.fixture
async def world(
    session_context: ServiceContext, clock: Clock, databases: Databases, session_database: str
) -> World:
    """The service as if nothing had ever happened in it."""
    await databases.restore(session_database)
    policies.forget(session_context.database)
    return World(session_context, clock)


@pytest.fixture
def app(world: World, session_app: FastAPI) -> FastAPI:
    return session_app


@pytest.fixture
async def api(app: FastAPI, issuer: LocalIssuer) -> AsyncIterator[httpx.AsyncClient]:
    """The API, asked by a buyer."""
    transport = httpx.ASGITransport(app)
    headers = {"Authorization": f"Bearer {issuer.token('bob', Role.BUYER)}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


@pytest.fixture
def as_supplier(issuer: LocalIssuer) -> Callable[[UUID], dict[str, str]]:
    """Headers of a supplier's own token."""

    def headers(supplier_id: UUID) -> dict[str, str]:
        token = issuer.token("sam", Role.SUPPLIER, supplier_id=supplier_id)
        return {"Authorization": f"Bearer {token}"}

    return headers
