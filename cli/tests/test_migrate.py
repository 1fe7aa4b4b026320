from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from shared.kernel.tests.planted import Step, executes, plant
from typer.testing import CliRunner, Result

from purveyor_cli import services
from purveyor_cli.issuer import LocalIssuer
from purveyor_cli.main import app
from purveyor_cli.services import PROCUREMENT

DROP_NAME = Step("2099_01_01_site_names", "99.0.0", "after", executes("ALTER TABLE site DROP name"))


@pytest.fixture
async def url(
    lend_database: Callable[[str], Awaitable[str]], issuer: LocalIssuer, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Return a migrated database of procurement, which the environment names."""
    made = await lend_database("procurement")
    monkeypatch.setenv("PURVEYOR_DATABASE_URL", made)
    monkeypatch.setenv("PURVEYOR_OIDC_ISSUER", issuer.url)
    return made


async def migrate(*options: str) -> Result:
    command = ["migrate", "--service", "procurement", *options]
    return await asyncio.to_thread(CliRunner().invoke, app, command)


async def execute(url: str, statement: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("phase", ["before", "after", "all"])
async def test_where_nothing_is_left_every_phase_says_so(phase: str) -> None:
    result = await migrate("--phase", phase)
    assert (result.exit_code, result.output) == (0, "procurement: at the newest schema\n")


async def test_a_release_is_migrated_in_two_halves(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    later = replace(PROCUREMENT, migrations=plant(tmp_path, PROCUREMENT.migrations, DROP_NAME))
    monkeypatch.setattr(services, "SERVICES", (later,))

    before = await migrate("--phase", "before")
    assert before.output == "procurement: ready for the new code; 1 to run with --phase after\n"
    assert await execute(url, "SELECT name FROM site") == "SELECT 0"
    assert (await migrate("--phase", "after")).output == "procurement: at the newest schema\n"
    with pytest.raises(asyncpg.UndefinedColumnError):
        await execute(url, "SELECT name FROM site")


async def test_a_database_of_later_releases_is_said_in_a_sentence(url: str) -> None:
    note = "INSERT INTO schema_revision (revision, release, phase) VALUES"
    await execute(url, f"{note} ('2098_01_01_one', '98.0.0', 'before')")
    assert (await migrate()).output == "procurement: at the newest schema\n"
    await execute(url, f"{note} ('2099_01_01_two', '99.0.0', 'before')")
    refused = await migrate()
    assert refused.exit_code == 1
    assert refused.stderr == (
        "error: The database is newer than this version of procurement by more than one release: it has "
        "2098_01_01_one and 1 more of 98.0.0, 99.0.0.\n"
    )


async def test_an_after_half_waits_for_its_before_half(url: str) -> None:
    await execute(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    refused = await migrate("--phase", "after")
    assert refused.exit_code == 1
    assert "The database is older than this version of procurement: run `purveyor migrate`" in refused.stderr
    assert (await migrate("--phase", "before")).exit_code == 0
