"""Processes are killed in the middle of their work: nothing is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest
from tests.integration.faults.business import Business
from tests.integration.faults.keeper import Keeper, kept_running, total_deaths
from tests.integration.faults.platform import client, connection, listener, parts
from tests.integration.faults.points import Fault
from tests.integration.faults.reckoning import Reckoning

from purveyor_cli.issuer import LocalIssuer
from purveyor_cli.services import SERVICE_NAMES

SEED = 20_261_122
DESKS = 5
ORDERS_A_ROUND = 5
"""Brought to their end between the deaths of one round and those of the next."""
IN_EVERY_ROUND = (
    ("procurement-api", Fault.API_BEFORE_COMMIT),
    ("procurement-worker", Fault.RELAY_BEFORE_MARK),
    ("supplier-performance-worker", Fault.CONSUMER_AFTER_COMMIT),
)
IN_TURN = (
    ("procurement-api", Fault.API_AFTER_COMMIT),
    ("supplier-performance-worker", Fault.CONSUMER_BEFORE_COMMIT),
    ("sourcing-worker", Fault.RELAY_BEFORE_MARK),
    ("procurement-worker", Fault.CONSUMER_AFTER_COMMIT),
    ("sourcing-api", Fault.API_BEFORE_COMMIT),
    ("supplier-performance-worker", Fault.RELAY_BEFORE_MARK),
    ("sourcing-worker", Fault.CONSUMER_AFTER_COMMIT),
    ("sourcing-api", Fault.API_AFTER_COMMIT),
)


@pytest.mark.faults(8)
async def test_processes_killed_in_the_middle_of_work_lose_nothing_and_do_nothing_twice(
    lend_database: Callable[[str], Awaitable[str]],
    own_kafka: str,
    issuer: LocalIssuer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    cycles: int,
) -> None:
    databases = {service: await lend_database(service) for service in SERVICE_NAMES}
    async with AsyncExitStack() as cleanup:
        listeners = {service: cleanup.enter_context(listener()) for service in ("sourcing", "procurement")}
        processes = parts(databases, own_kafka, issuer, listeners, tmp_path)
        clients = {
            service: await cleanup.enter_async_context(client(one)) for service, one in listeners.items()
        }
        business = Business(clients["sourcing"], clients["procurement"], issuer)
        connections = {
            service: await cleanup.enter_async_context(connection(url)) for service, url in databases.items()
        }
        reckoning = Reckoning(connections, own_kafka)
        async with kept_running(processes) as keepers:
            await business.open(suppliers=6)
            await _kill_while_people_work(keepers, business, cycles)
            await reckoning.wait_until_quiet()

        deaths = total_deaths(keepers)
        with capsys.disabled():
            print(_told(deaths, business))  # noqa: T201  # what was survived, for the log of a run
        await reckoning.compare_logs()
        await reckoning.compare_inboxes()
        sent_again = await reckoning.compare_topics()
        await reckoning.compare_copies()
        await reckoning.compare_promises(business)

    assert deaths.total() >= 3 * cycles
    assert all(deaths[fault] >= cycles for _, fault in IN_EVERY_ROUND)
    assert sent_again >= deaths[Fault.RELAY_BEFORE_MARK], "a relay that died had published already"
    assert business.unanswered >= deaths[Fault.API_BEFORE_COMMIT] + deaths[Fault.API_AFTER_COMMIT]


async def _kill_while_people_work(keepers: Mapping[str, Keeper], business: Business, rounds: int) -> None:
    """Kill several processes a round, each at its point, while orders go in and goods arrive."""
    random = Random(SEED)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as people:
        for desk in range(DESKS):
            people.create_task(business.buy(stop, desk, Random(SEED + desk)))
        people.create_task(business.onboard_suppliers(stop, Random(SEED - 1)))
        for number in range(rounds):
            async with asyncio.TaskGroup() as deaths:
                for name, fault in (*IN_EVERY_ROUND, IN_TURN[number % len(IN_TURN)]):
                    deaths.create_task(keepers[name].die_at(fault))
                await asyncio.sleep(random.uniform(0, 0.5))
                await random.choice(list(keepers.values())).be_killed()
            await business.end_more_orders(ORDERS_A_ROUND)
        stop.set()


def _told(deaths: Mapping[Fault, int], business: Business) -> str:
    lines = ["", f"{sum(deaths.values()):4} processes killed"]
    lines += [f"{deaths[fault]:4} {fault.value}" for fault in Fault]
    lines.append(f"{business.orders_ended} of {len(business.orders)} orders brought to their end")
    lines.append(
        f"{business.unanswered} requests without an answer, {business.given_up} of them given up; "
        f"{business.replayed} answered as before"
    )
    return "\n".join(lines)
