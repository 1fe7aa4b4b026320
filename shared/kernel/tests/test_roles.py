"""Roles in the database: who runs a service appends to the audit trail, and can do nothing else with it."""

import asyncpg
import pytest
from shared.kernel.tests.owner import owner_of

from purveyor.audit.sealing import seal
from purveyor.migrations.roles import RESTRICTED, SEALING, grant, separated
from purveyor.migrations.run import upgrade
from purveyor.testing.databases import as_runtime

SEALED = "UPDATE audit_record SET position = 1, previous = '\\x00', hash = '\\x00'"
RUNTIMES_ATTEMPTS = [
    "UPDATE audit_record SET actor = 'eve'",
    SEALED,
    "DELETE FROM audit_record",
    "TRUNCATE audit_record",
    "ALTER TABLE audit_record DISABLE TRIGGER ALL",
    "ALTER TABLE audit_record ADD COLUMN note text",
    "DROP TRIGGER audit_record_is_sealed_once ON audit_record",
    "CREATE OR REPLACE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "CREATE TRIGGER eve BEFORE INSERT ON audit_record EXECUTE FUNCTION audit_stays()",
    "DROP TABLE audit_record",
    "SET session_replication_role = replica",
    f"SET ROLE {SEALING}",
    "INSERT INTO audit_record (id, at, actor, action, entity, entity_id, position, previous, hash) "
    "VALUES (gen_random_uuid(), now(), 'eve', 'a', 'e', '1', 9, '\\x00', '\\x00')",
    "INSERT INTO audit_record (id, at, actor, action, entity, entity_id, signed) "
    "VALUES (gen_random_uuid(), now(), 'eve', 'a', 'e', '1', true)",
    "INSERT INTO audit_record (id, at, actor, action, entity, entity_id, written_at) "
    "VALUES (gen_random_uuid(), now(), 'eve', 'a', 'e', '1', 'infinity')",
    "INSERT INTO audit_head (position, hash) VALUES (1, '\\x00')",
    "UPDATE audit_head SET position = 0",
    "INSERT INTO audit_anchor VALUES (1, now(), 1, '{}')",
    "DELETE FROM audit_personal",
    "UPDATE audit_personal SET value = '1'",
    "CREATE TABLE eve (id integer)",
    "CREATE FUNCTION eve() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA eve",
    "DELETE FROM schema_revision",
]
SEALERS_ATTEMPTS = [
    "UPDATE audit_record SET actor = 'eve'",
    "DELETE FROM audit_record",
    "TRUNCATE audit_record, audit_head",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET position = position - 1",
    "UPDATE audit_record SET hash = '\\x00'",
    "UPDATE audit_record SET position = NULL, previous = NULL, hash = NULL",
    "ALTER TABLE audit_record DISABLE TRIGGER ALL",
    "UPDATE audit_anchor SET number = 2",
    "DELETE FROM audit_anchor",
    "UPDATE audit_personal SET value = '1'",
    "SELECT * FROM crate",
    "CREATE TABLE eve (id integer)",
]
OWNERS_ATTEMPTS = [
    "UPDATE audit_record SET actor = 'eve'",
    "UPDATE audit_record SET hash = '\\x00'",
    "DELETE FROM audit_record",
    "TRUNCATE audit_record",
    "UPDATE audit_head SET position = position - 1",
    "DELETE FROM audit_head",
    "TRUNCATE audit_head",
    "UPDATE audit_anchor SET number = 2",
    "DELETE FROM audit_anchor",
    "TRUNCATE audit_anchor",
    "UPDATE audit_personal SET value = '1'",
    "TRUNCATE audit_personal",
]


@pytest.fixture
async def filled(toy):
    """A trail of two records, the first of them sealed."""
    for _ in range(2):
        async with toy.database.transaction() as tx:
            tx.audit("fill", "crate", "1", after={"apples": 1})
        if not await positions(toy):
            async with toy.sealing.transaction() as tx:
                await seal(tx)
    return toy


async def positions(toy):
    async with toy.database.connection() as connection:
        rows = await connection.fetch("SELECT position FROM audit_record WHERE position IS NOT NULL")
    return [row[0] for row in rows]


async def is_refused(connection, statement):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)


@pytest.mark.parametrize("statement", RUNTIMES_ATTEMPTS)
async def test_who_runs_a_service_can_only_append_to_the_trail(filled, statement):
    async with filled.database.connection() as connection:
        await is_refused(connection, statement)


@pytest.mark.parametrize("statement", SEALERS_ATTEMPTS)
async def test_who_seals_can_only_seal_what_is_not_sealed(filled, statement):
    async with filled.sealing.connection() as connection:
        await is_refused(connection, statement)


@pytest.mark.parametrize("statement", OWNERS_ATTEMPTS)
async def test_triggers_refuse_the_rest_even_to_the_owner(filled, statement):
    async with owner_of(filled) as connection:
        await is_refused(connection, statement)


async def test_sealing_does_not_take_the_chance_to_change_a_record(filled):
    async with owner_of(filled) as connection:
        await is_refused(connection, f"{SEALED}, actor = 'eve' WHERE position IS NULL")


async def test_tables_that_come_are_the_runtimes_at_once_and_the_trails_never(toy):
    async with owner_of(toy) as owner, toy.database.connection() as runtime:
        await owner.execute("CREATE TABLE later (id bigint GENERATED ALWAYS AS IDENTITY, name text)")
        try:
            await runtime.execute("INSERT INTO later (name) VALUES ('a'); UPDATE later SET name = 'b'")
            assert await grant(owner)
            await runtime.execute("DELETE FROM later")
            for statement in RUNTIMES_ATTEMPTS:
                await is_refused(runtime, statement)
        finally:
            await owner.execute("DROP TABLE later")


async def test_a_table_that_says_so_is_inserted_into_and_no_more(toy):
    async with owner_of(toy) as owner, toy.database.connection() as runtime:
        await owner.execute("CREATE TABLE ledger (name text); COMMENT ON TABLE ledger IS 'insert-only'")
        try:
            assert await grant(owner)
            await runtime.execute("INSERT INTO ledger VALUES ('a')")
            for statement in ("UPDATE ledger SET name = 'b'", "DELETE FROM ledger", "TRUNCATE ledger"):
                await is_refused(runtime, statement)
        finally:
            await owner.execute("DROP TABLE ledger")


async def test_every_table_of_the_trail_is_restricted(toy):
    async with owner_of(toy) as connection:
        rows = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relname ~ '^audit_' AND relkind = 'r'"
        )
    assert {row[0] for row in rows} <= RESTRICTED.keys()


async def test_a_database_knows_whether_its_duties_are_separated(toy):
    async with toy.database.connection() as runtime, owner_of(toy) as owner:
        assert await separated(runtime)
        assert not await separated(owner)


async def test_a_database_that_one_role_had_alone_is_taken_apart_by_migrating_again(empty_database):
    await upgrade(empty_database, "toy_service.migrations")
    await upgrade(empty_database, "toy_service.migrations")
    connection = await asyncpg.connect(as_runtime(empty_database))
    try:
        assert await separated(connection)
        await connection.execute("INSERT INTO crate SELECT * FROM crate")
    finally:
        await connection.close()
