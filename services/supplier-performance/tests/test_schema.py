"""The migrations make the tables that the models describe."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

from purveyor.migrations import belongs_to_service
from supplier_performance.database import Base


async def test_the_migrations_make_what_the_models_describe(world):
    def differences(connection):
        options = {"include_object": belongs_to_service, "compare_type": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)

    engine = create_async_engine(world.context.database.url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()
