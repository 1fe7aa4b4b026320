"""Migrations run from installed packages, by several at once, in two halves, without making anybody wait."""

import asyncio
from functools import partial

import asyncpg
import httpx
import pytest
from shared.kernel.tests.planted import Step, executes, plant

from purveyor.http.app import build_app
from purveyor.migrations import run
from purveyor.migrations.applied import SchemaError, applied, expect_fit
from purveyor.migrations.phase import Phase
from purveyor.migrations.run import upgrade
from purveyor.migrations.shipped import shipped
from purveyor.service import ServiceContext
from purveyor.settings import Settings

TOY = shipped("toy_service.migrations")
ADD_COLOUR = Step("2027_01_01_colour", "0.2.0", "before", executes("ALTER TABLE crate ADD colour text"))
DROP_APPLES = Step("2027_01_02_apples", "0.2.0", "after", executes("ALTER TABLE crate DROP apples"))
ADD_WEIGHT = Step("2027_02_01_weight", "0.3.0", "before", executes("ALTER TABLE crate ADD weight real"))
INDEX = Step(
    "2027_01_01_index",
    "0.2.0",
    "before",
    'create_index_concurrently("uq_crate_apples", "crate (apples)", unique=True)',
)


@pytest.fixture
def code_with(tmp_path, monkeypatch):
    """Return what makes a version of the toy service's code with further revisions."""
    monkeypatch.syspath_prepend(tmp_path)
    return partial(plant, tmp_path, "toy_service.migrations")


@pytest.fixture
async def connection(empty_database):
    opened = await asyncpg.connect(empty_database)
    yield opened
    await opened.close()


async def ids(connection):
    return {revision.id for revision in await applied(connection)}


async def columns(connection):
    rows = await connection.fetch("SELECT attname FROM pg_attribute WHERE attrelid = 'crate'::regclass")
    return {row["attname"] for row in rows}


async def fits(connection, package):
    expect_fit(shipped(package), await applied(connection))
    return True


@pytest.fixture
def impatient(monkeypatch):
    """Try for a lock for shorter than in production, and pause for less."""
    monkeypatch.setattr(run, "LOCK_TIMEOUT", "200ms")
    monkeypatch.setattr(run, "LOCK_ATTEMPTS", 200)
    monkeypatch.setattr(run, "LONGEST_PAUSE_SECONDS", 0.1)


async def test_several_pods_migrate_at_once_and_one_of_them_does_it(empty_database, connection):
    await asyncio.gather(*(upgrade(empty_database, "toy_service.migrations") for _ in range(4)))

    rows = await connection.fetch("SELECT version_num FROM alembic_version")
    assert {row["version_num"] for row in rows} == set(TOY.scripts.get_heads())
    assert await ids(connection) == TOY.ids
    assert await connection.fetchval("SELECT count(*) FROM crate") == 0


async def test_the_kernel_and_messaging_have_schemas_without_a_service(empty_database, connection):
    await upgrade(empty_database, "purveyor.migrations")
    assert await connection.fetchval("SELECT to_regclass('outbox')") is None
    await upgrade(empty_database, "purveyor_messaging.migrations")
    assert await connection.fetchval("SELECT to_regclass('outbox')") is not None


async def test_a_package_without_migrations_ships_nothing_and_is_not_run(empty_database):
    assert shipped("no_such_service.migrations") is None
    with pytest.raises(SchemaError, match="no package no_such_service"):
        await upgrade(empty_database, "no_such_service.migrations")


async def test_the_before_half_leaves_what_the_old_code_needs_until_the_after_half(
    empty_database, connection, code_with
):
    old, new = code_with(), code_with(ADD_COLOUR, DROP_APPLES)
    await upgrade(empty_database, old)

    with pytest.raises(SchemaError, match=r"older than this version.*lacks 2027_01_01_colour\."):
        await upgrade(empty_database, new, Phase.AFTER)
    assert await upgrade(empty_database, new, Phase.BEFORE) == 1
    assert {"apples", "colour"} <= await columns(connection)
    assert await fits(connection, old)
    assert await fits(connection, new)

    assert await upgrade(empty_database, new, Phase.AFTER) == 0
    assert "apples" not in await columns(connection)
    assert await fits(connection, new)
    with pytest.raises(SchemaError, match=r"newer than this version of later_\d+: the after half"):
        await fits(connection, old)


async def test_a_before_half_begins_with_what_is_left_of_earlier_releases(
    empty_database, connection, code_with
):
    await upgrade(empty_database, code_with(ADD_COLOUR, DROP_APPLES), Phase.BEFORE)

    newest = code_with(ADD_COLOUR, DROP_APPLES, ADD_WEIGHT)
    assert await upgrade(empty_database, newest, Phase.BEFORE) == 0
    assert "apples" not in await columns(connection)
    assert await fits(connection, newest)


async def test_a_database_may_be_one_release_ahead_of_the_code_and_not_two(
    empty_database, connection, code_with
):
    old, next_, last = code_with(), code_with(ADD_COLOUR), code_with(ADD_COLOUR, ADD_WEIGHT)
    await upgrade(empty_database, next_)
    assert await fits(connection, old)
    assert await upgrade(empty_database, old) == 0

    await upgrade(empty_database, last)
    assert await fits(connection, next_)
    for refused in (upgrade(empty_database, old), fits(connection, old)):
        with pytest.raises(SchemaError, match=r"by more than one release: it has .* of 0\.2\.0, 0\.3\.0\."):
            await refused


async def test_a_database_of_another_line_is_told_and_left_alone(empty_database, connection, code_with):
    await upgrade(empty_database, code_with(ADD_COLOUR))
    with pytest.raises(SchemaError, match="of another line"):
        await upgrade(empty_database, code_with(ADD_WEIGHT))
    assert await ids(connection) == TOY.ids | {ADD_COLOUR.id}


async def test_a_database_of_a_version_before_a_revision_was_put_below_another_is_told_and_left_alone(
    empty_database, connection, code_with
):
    await upgrade(empty_database, code_with(ADD_WEIGHT))
    with pytest.raises(SchemaError, match=f"never released: it lacks {ADD_COLOUR.id}"):
        await upgrade(empty_database, code_with(ADD_COLOUR, ADD_WEIGHT))
    assert await ids(connection) == TOY.ids | {ADD_WEIGHT.id}


async def test_readiness_says_in_a_sentence_how_database_and_code_do_not_fit(
    empty_database, issuer, monkeypatch, code_with
):
    settings = Settings(database_url=empty_database, oidc_issuer=issuer.url, oidc_jwks_file=issuer.jwks_file)
    context = ServiceContext.create("toy-service", settings)
    app = build_app(context, [], title="Toy", description="A toy")

    async def readiness():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await client.get("/readyz")
        return answer.status_code, answer.json()["migrations"]

    older = "The database is older than this version of toy_service: run `purveyor migrate`, it lacks "
    needed = [revision for revision in TOY.revisions if revision.phase == "before"]
    assert await readiness() == (503, f"{older}{needed[0].id} and {len(needed) - 1} more.")
    await upgrade(empty_database, "toy_service.migrations")
    assert await readiness() == (200, "ok")
    await upgrade(empty_database, code_with(ADD_COLOUR))
    assert await readiness() == (200, "ok")
    await upgrade(empty_database, code_with(ADD_COLOUR, ADD_WEIGHT))
    status, said = await readiness()
    assert (status, said.partition(":")[0]) == (
        503,
        "The database is newer than this version of toy_service by more than one release",
    )
    await context.database.close()


async def test_who_starts_before_the_schema_waits_for_it_or_until_told_to_stop(empty_database, issuer):
    settings = Settings(database_url=empty_database, oidc_issuer=issuer.url, oidc_jwks_file=issuer.jwks_file)
    context = ServiceContext.create("toy-service", settings)
    stop, never = asyncio.Event(), asyncio.Event()
    async with asyncio.timeout(60):
        told = asyncio.create_task(context.wait_for_schema(stop))
        waiting = asyncio.create_task(context.wait_for_schema(never))
        await asyncio.sleep(0.2)
        assert not told.done()
        assert not waiting.done()
        stop.set()
        await told
        await upgrade(empty_database, "toy_service.migrations")
        await waiting
    await context.database.close()


@pytest.mark.usefixtures("impatient")
async def test_a_migration_that_waits_for_a_lock_lets_others_pass(empty_database, connection, code_with):
    await upgrade(empty_database, code_with())
    reader = await asyncpg.connect(empty_database)
    async with connection.transaction(), asyncio.timeout(60):
        await connection.execute("LOCK crate IN ACCESS SHARE MODE")
        migration = asyncio.create_task(upgrade(empty_database, code_with(ADD_COLOUR)))
        while not await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        for _ in range(3):
            assert await reader.fetchval("SELECT count(*) FROM crate") == 0
            await asyncio.sleep(0.1)
        assert not migration.done()
    assert await migration == 0
    await reader.close()
    assert "colour" in await columns(connection)


@pytest.mark.usefixtures("impatient")
async def test_a_migration_that_never_gets_its_lock_gives_up_in_a_sentence(
    empty_database, connection, code_with, monkeypatch
):
    monkeypatch.setattr(run, "LOCK_ATTEMPTS", 2)
    await upgrade(empty_database, code_with())
    async with connection.transaction():
        await connection.execute("LOCK crate IN ACCESS SHARE MODE")
        with pytest.raises(SchemaError, match="gave up after 2 attempts"):
            await upgrade(empty_database, code_with(ADD_COLOUR))
    assert await ids(connection) == TOY.ids


async def test_an_index_is_made_concurrently_and_again_when_an_attempt_broke_off(
    empty_database, connection, code_with
):
    await upgrade(empty_database, code_with())
    crate = "INSERT INTO crate SELECT gen_random_uuid(), 1, 0, n, n / 2 FROM generate_series(0, 5) AS n"
    await connection.execute(crate)
    new = code_with(INDEX)
    with pytest.raises(Exception, match="could not create unique index"):
        await upgrade(empty_database, new)
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'uq_crate_apples'::regclass"
    assert await connection.fetchval(valid) is False

    await connection.execute("DELETE FROM crate")
    assert await upgrade(empty_database, new) == 0
    assert await connection.fetchval(valid) is True
    assert INDEX.id in await ids(connection)


async def test_a_database_is_migrated_by_the_url_that_its_service_takes(empty_database, connection):
    url = f"{empty_database}{'&' if '?' in empty_database else '?'}sslmode=disable"
    await upgrade(url, "toy_service.migrations")
    assert await fits(connection, "toy_service.migrations")
