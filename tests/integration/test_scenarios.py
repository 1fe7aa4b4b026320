"""The scenarios that people read are true: each is played over HTTP on a running stack, one of them on Kafka.

They share their stacks, as those share `make up` who read them. What transports promise is held elsewhere, of
each alike.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from purveyor_cli import stack

FOLDER = Path(__file__).parents[2] / "examples" / "scenarios"
SCENARIOS = sorted(path.stem for path in FOLDER.glob("*_*.py"))
ON_KAFKA = "order_life"
LONGEST_SECONDS = 240


Start = Callable[[str], Awaitable[Mapping[str, str]]]


@pytest.fixture(scope="module")
async def stack_on(request: pytest.FixtureRequest) -> AsyncIterator[Start]:
    """Return what runs all services on a transport, once, and says where they are and in which folder."""
    kept: dict[str, Mapping[str, str]] = {}
    async with AsyncExitStack() as cleanup:

        async def start(transport: str) -> Mapping[str, str]:
            if transport not in kept:
                kafka = request.getfixturevalue("own_kafka") if transport == "kafka" else None
                folder = cleanup.enter_context(tempfile.TemporaryDirectory(prefix="purveyor-scenario-"))
                options = stack.Options(Path(folder), kafka=kafka, port_base=0, throw_away=True)
                running = await cleanup.enter_async_context(stack.running(options, lambda _: None))
                kept[transport] = {
                    "SOURCING_URL": running.urls["sourcing"],
                    "PROCUREMENT_URL": running.urls["procurement"],
                    "PERFORMANCE_URL": running.urls["supplier-performance"],
                    "PURVEYOR_DATA_DIR": folder,
                }
            return kept[transport]

        yield start


@pytest.mark.xdist_group("scenarios")
@pytest.mark.parametrize(
    ("scenario", "transport"), [(one, "kafka" if one == ON_KAFKA else "local") for one in SCENARIOS]
)
async def test_a_scenario_goes_as_it_says(stack_on: Start, scenario: str, transport: str) -> None:
    playing = await asyncio.create_subprocess_exec(
        sys.executable,
        FOLDER / f"{scenario}.py",
        env=os.environ | await stack_on(transport),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(playing.communicate(), LONGEST_SECONDS)
    assert playing.returncode == 0, said.decode()
    assert said.decode().endswith("All of it is as it says here.\n")
