"""PostgreSQL is restarted again and again under load: it is waited for, and no event counts as failed."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest
from tests.integration.faults.business import Business
from tests.integration.faults.keeper import kept_running, total_deaths
from tests.integration.faults.platform import client, connection, listener, parts
from tests.integration.faults.reckoning import Reckoning

from purveyor.migrations.run import upgrade
from purveyor_cli import postgres
from purveyor_cli.issuer import LocalIssuer
from purveyor_cli.services import SERVICE_NAMES, service_named

SEED = 20_261_128
DESKS = 4
ORDERS_BETWEEN = 2


class Server:
    """A PostgreSQL of this test alone, which can be stopped fast and started on the same data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: postgres.RunningPostgres | None = postgres.start(folder, throw_away=True)

    async def new(self, service: str) -> str:
        """Make a service's database; returns its URL, which stays the same."""
        assert self._running is not None
        await postgres.ensure_database(self._running.url_for("postgres"), service)
        url = self._running.url_for(service)
        await upgrade(url, service_named(service).migrations)
        return url

    async def restart(self) -> None:
        """End every connection at once, and come back."""
        await asyncio.to_thread(self.stop)
        self._running = await asyncio.to_thread(postgres.start, self._folder, throw_away=True)

    def stop(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.stop()


@pytest.fixture
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="purveyor-restarts-"))
    server = Server(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.faults(8)
async def test_fast_restarts_of_the_database_under_load_park_no_event_as_failed(
    server: Server, own_kafka: str, issuer: LocalIssuer, tmp_path: Path, cycles: int
) -> None:
    databases = {service: await server.new(service) for service in SERVICE_NAMES}
    async with AsyncExitStack() as cleanup:
        listeners = {service: cleanup.enter_context(listener()) for service in ("sourcing", "procurement")}
        clients = {
            service: await cleanup.enter_async_context(client(one)) for service, one in listeners.items()
        }
        business = Business(clients["sourcing"], clients["procurement"], issuer)
        processes = parts(databases, own_kafka, issuer, listeners, tmp_path)
        async with kept_running(processes) as keepers:
            await business.open(suppliers=4)
            await _restart_while_people_work(server, business, cycles)
            connections = {
                service: await cleanup.enter_async_context(connection(url))
                for service, url in databases.items()
            }
            reckoning = Reckoning(connections, own_kafka)
            await reckoning.wait_until_quiet()
        assert total_deaths(keepers).total() == 0, "every process has lived through it"
        await reckoning.compare_logs()
        await reckoning.compare_inboxes()
        await reckoning.compare_copies()
        await reckoning.compare_promises(business)
    assert _parked_as_failed(tmp_path) == [], "no log says so, not even for a while"


async def _restart_while_people_work(server: Server, business: Business, cycles: int) -> None:
    random, stop = Random(SEED), asyncio.Event()
    async with asyncio.TaskGroup() as people:
        for desk in range(DESKS):
            people.create_task(business.buy(stop, desk, Random(SEED + desk)))
        people.create_task(business.onboard_suppliers(stop, Random(SEED - 1)))
        for _ in range(cycles):
            await business.end_more_orders(ORDERS_BETWEEN)
            await asyncio.sleep(random.uniform(0, 0.3))
            await server.restart()
        await business.end_more_orders(ORDERS_BETWEEN)
        stop.set()


def _parked_as_failed(folder: Path) -> list[Mapping[str, object]]:
    """Return what the logs of all processes say was parked as failed."""
    lines = [line for log in folder.glob("*.log") for line in log.read_text().splitlines()]
    said = [json.loads(line) for line in lines if line.startswith("{")]
    assert said, "the processes log JSON"
    return [one for one in said if one.get("event") == "event_parked" and one.get("reason") == "failed"]
