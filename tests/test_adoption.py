"""A database from before the schema had branches comes to the newest one, and loses nothing."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest
from tests.test_schemas import EVERY_SERVICE, NewDatabase

from purveyor.migrations.applied import SchemaError, applied, expect_fit
from purveyor.migrations.run import upgrade
from purveyor.migrations.shipped import shipped
from purveyor_cli.services import Service

FORMER = Path(__file__).parent / "former"
ROWS = {
    "sourcing": """
        INSERT INTO supplier (id, version, sequence, number, legal_name, categories, contacts, sites, status,
                              registered_by, registered_at, registered_on, imported, import_digest, name_key,
                              search_text)
        VALUES (gen_random_uuid(), 1, 1, nextval('supplier_number'), 'Acme', '{}', '[]', '[]', 'approved',
                'ann', now(), '2026-11-01', true, 'digest', 'acme', 'acme')
        """,
    "procurement": "INSERT INTO site VALUES ('HAM', 1, 'Hamburg', 'DE', 'Europe/Berlin')",
    "supplier-performance": "INSERT INTO supplier VALUES (gen_random_uuid(), 'S-000001', 'Acme', 'approved')",
}
KEPT = {
    "sourcing": "SELECT legal_name FROM supplier",
    "procurement": "SELECT name FROM site",
    "supplier-performance": "SELECT name FROM supplier",
}
SHARED = (
    "INSERT INTO job_run VALUES ('a-job', '2026-11-24', true, now())",
    "INSERT INTO inbox VALUES ('a.consumer', 'a.topic', 'key', 7, NULL)",
)


async def kept(connection: asyncpg.Connection[asyncpg.Record], service: Service) -> list[str]:
    """Return what was written into the former database, as far as it is there."""
    queries = (KEPT[service.name], "SELECT name FROM job_run", "SELECT sequence::text FROM inbox")
    return [await connection.fetchval(query) for query in queries]


async def definitions(connection: asyncpg.Connection[asyncpg.Record]) -> set[str]:
    """Return the columns, constraints and indexes of a database."""
    rows = await connection.fetch(
        """
        SELECT format('%s.%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod),
                      attnotnull, pg_get_expr(adbin, adrelid)) AS line
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0
        UNION ALL
        SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
        UNION ALL
        SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        """
    )
    return {row["line"] for row in rows}


@EVERY_SERVICE
async def test_a_former_database_is_adopted_without_loss(
    service: Service, lend_database: NewDatabase
) -> None:
    fresh, url = await lend_database(service.name), await lend_database(service.name)
    connection = await asyncpg.connect(url)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    for made in ("shared", service.name):
        await connection.execute((FORMER / f"{made}.sql").read_text())
    for statement in (*SHARED, ROWS[service.name]):
        await connection.execute(statement)
    written = await kept(connection, service)
    code = shipped(service.migrations)
    assert code is not None
    with pytest.raises(SchemaError, match="older than this version"):
        expect_fit(code, await applied(connection))

    assert await upgrade(url, service.migrations) == 0

    expect_fit(code, await applied(connection))
    assert await kept(connection, service) == written
    assert written[1:] == ["a-job", "7"]
    newly_made = await asyncpg.connect(fresh)
    assert await definitions(connection) == await definitions(newly_made)
    await connection.close()
    await newly_made.close()
