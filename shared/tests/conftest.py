"""What the kernel's tests share: the toy service is importable, as a real service is."""

import sys
from pathlib import Path

import asyncpg
import httpx
import pytest

from purveyor import migrations
from purveyor.auth import Role
from purveyor.http.app import build_app
from purveyor.service import ServiceContext
from purveyor.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
async def empty_database(new_database):
    """A fresh database with no table at all."""
    url = await new_database("kernel")
    connection = await asyncpg.connect(url)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()
    return url


@pytest.fixture
async def toy_database(empty_database):
    """A fresh database of the toy service, migrated as a real one is."""
    await migrations.upgrade(empty_database, "toy_service.migrations")
    return empty_database


@pytest.fixture
async def toy(toy_database, issuer):
    """The toy service's context: settings and database."""
    settings = Settings(database_url=toy_database, oidc_issuer=issuer.url, oidc_jwks_file=issuer.jwks_file)
    context = ServiceContext.create("toy-service", settings)
    yield context
    await context.database.close()


@pytest.fixture
def app(toy):
    """The toy service's API."""
    from toy_service.api import router  # noqa: PLC0415  # importable once this file has been read

    return build_app(toy, [router], title="Toy", description="A toy")


@pytest.fixture
async def client(app, issuer):
    """A buyer who may do everything that the toy service offers."""
    token = issuer.token("bo", Role.BUYER, scopes=["toy:crates:read", "toy:crates:write", "audit:read"])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://test",
        headers={"Authorization": f"Bearer {token}"},
    ) as buyer:
        yield buyer
