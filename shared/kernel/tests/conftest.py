"""What the kernel's tests share: the toy service is importable, as a real service is."""

import sys
from pathlib import Path

import asyncpg
import httpx
import pytest
import structlog

from purveyor import testing
from purveyor.http.app import build_app
from purveyor.migrations.run import upgrade
from purveyor.service import ServiceContext
from purveyor.settings import Settings
from purveyor_contract.roles import Role

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True, scope="session")
def short_tracebacks_in_logs():
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, renderer])


async def drop_everything(url):
    connection = await asyncpg.connect(url)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()


@pytest.fixture
async def empty_database(new_database):
    """A fresh database with no table at all."""
    url = await new_database("kernel")
    await drop_everything(url)
    return url


@pytest.fixture(scope="session")
async def migrated_toy_database(new_database):
    url = await new_database("kernel")
    await drop_everything(url)
    await upgrade(url, "toy_service.migrations")
    return url


@pytest.fixture
async def toy_database(migrated_toy_database):
    """A database of the toy service, migrated as a real one is, and empty."""
    connection = await asyncpg.connect(migrated_toy_database)
    await testing.empty_every_table(connection)
    await connection.close()
    return migrated_toy_database


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
