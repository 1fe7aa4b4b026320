"""What the kernel's tests share: the toy service is importable, as a real service is."""

import io
import json
import logging
import sys
from pathlib import Path

import httpx
import pytest
import structlog

from purveyor.http.app import build_app
from purveyor.migrations.run import upgrade
from purveyor.observability import configure_logging
from purveyor.service import ServiceContext
from purveyor.settings import Settings
from purveyor.testing.databases import as_runtime, as_sealing
from purveyor_contract.roles import Role

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
async def empty_database(databases):
    """A database with no table at all."""
    async with databases.lent("empty", nothing) as url:
        yield url


async def nothing(_url):
    """Leave a database as it is."""


@pytest.fixture
async def toy_database(databases):
    """A database of the toy service, migrated as a real one is, and empty."""
    async with databases.lent("toy", migrate_toy) as url:
        yield url


async def migrate_toy(url):
    await upgrade(url, "toy_service.migrations")


@pytest.fixture
async def toy(toy_database, issuer):
    """The toy service's context: settings and database, each duty in it another role's."""
    settings = Settings(
        database_url=as_runtime(toy_database),
        migration_database_url=toy_database,
        sealing_database_url=as_sealing(toy_database),
        audit_record_keys="k" * 32,
        oidc_issuer=issuer.url,
        oidc_jwks_file=issuer.jwks_file,
    )
    context = ServiceContext.create("toy-service", settings)
    yield context
    await context.database.close()


@pytest.fixture
def app(toy):
    """The toy service's API."""
    from toy_service.api import router  # noqa: PLC0415  # importable once this file has been read

    return build_app(toy, [router], title="Toy", description="A toy", tags={"crates": "Apples in crates"})


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


@pytest.fixture
def logged(toy):
    """The lines that the service logs, as JSON."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("toy", toy.settings, stream)
    structlog.configure(cache_logger_on_first_use=False)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level
