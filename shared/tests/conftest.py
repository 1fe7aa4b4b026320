"""What the kernel's tests share: the toy service is importable, as a real service is."""

import sys
from pathlib import Path

import asyncpg
import pytest

from purveyor import migrations

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
