"""Migrations run from the installed package, by several at once, and readiness knows where they are."""

import asyncio

import asyncpg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from toy_service.model import Base

from purveyor import migrations
from purveyor.db import Database


async def test_several_pods_migrate_at_once_and_one_of_them_does_it(empty_database):
    await asyncio.gather(*(migrations.upgrade(empty_database, "toy_service.migrations") for _ in range(4)))

    connection = await asyncpg.connect(empty_database)
    assert await connection.fetch("SELECT version_num FROM alembic_version") == [("0001",)]
    assert await connection.fetchval("SELECT count(*) FROM crate") == 0
    await connection.close()


async def test_a_database_is_at_no_revision_before_its_first_migration_and_at_head_after(empty_database):
    database = Database(empty_database, application_name="test")
    async with database.connection() as connection:
        assert await migrations.current(connection) is None
        await migrations.upgrade(empty_database, "toy_service.migrations")
        assert await migrations.current(connection) == migrations.head("toy_service.migrations") == "0001"
    await database.close()


def test_a_package_without_migrations_has_no_head():
    assert migrations.head("no_such_service.migrations") is None


async def test_autogenerate_sees_the_services_tables_and_none_of_the_kernels(empty_database):
    await migrations.upgrade(empty_database, "toy_service.migrations")
    engine = create_async_engine(empty_database.replace("postgresql:", "postgresql+asyncpg:"))
    options = {"include_object": migrations.belongs_to_service}
    async with engine.connect() as connection:
        compare = lambda sync: compare_metadata(  # noqa: E731
            MigrationContext.configure(sync, opts=options), Base.metadata
        )
        assert await connection.run_sync(compare) == []
        await connection.execute(text("ALTER TABLE crate ADD colour text"))
        [[kind, *_]] = await connection.run_sync(compare)
        assert kind == "remove_column"
    await engine.dispose()
