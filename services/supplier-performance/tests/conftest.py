"""A running service with a clock that tests set, and its API as a buyer and as a supplier asks it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import httpx
import pytest

from purveyor.service import ServiceContext
from purveyor.testing.databases import as_runtime
from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.roles import Role
from supplier_performance.main import create_app
from supplier_performance.settings import NAME, SupplierPerformanceSettings

from .world import Clock, World


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def world(
    lend_database: Callable[[str], Awaitable[str]], issuer: LocalIssuer, clock: Clock
) -> AsyncIterator[World]:
    settings = SupplierPerformanceSettings(
        database_url=as_runtime(await lend_database(NAME)),
        oidc_issuer=issuer.url,
        oidc_jwks_file=issuer.jwks_file,
    )
    context = ServiceContext.create(NAME, settings, clock)
    yield World(context, clock)
    await context.database.close()


@pytest.fixture
async def api(world: World, issuer: LocalIssuer) -> AsyncIterator[httpx.AsyncClient]:
    """The API, asked by a buyer."""
    transport = httpx.ASGITransport(create_app(world.context))
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
