"""The scenarios that people read are true: each is played over HTTP on a running stack, in turn with Kafka.

What transports promise is held elsewhere, of each alike.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from itertools import cycle
from pathlib import Path

import pytest

from purveyor_cli import stack

FOLDER = Path(__file__).parents[2] / "examples" / "scenarios"
SCENARIOS = sorted(path.stem for path in FOLDER.glob("*_*.py"))
LONGEST_SECONDS = 240


@pytest.mark.parametrize(
    ("scenario", "transport"), list(zip(SCENARIOS, cycle(["kafka", "local"]), strict=False))
)
async def test_a_scenario_goes_as_it_says(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, scenario: str, transport: str
) -> None:
    # One broker serves all of them: on the topics of another's database nothing would be published.
    monkeypatch.setenv("PURVEYOR_KAFKA_PREFIX", f"{scenario.replace('_', '-')}.")
    kafka = request.getfixturevalue("own_kafka") if transport == "kafka" else None
    with tempfile.TemporaryDirectory(prefix="purveyor-scenario-") as folder:
        options = stack.Options(Path(folder), kafka=kafka, port_base=0, throw_away=True)
        async with stack.running(options, lambda _: None) as running:
            urls = {
                "SOURCING_URL": running.urls["sourcing"],
                "PROCUREMENT_URL": running.urls["procurement"],
                "PERFORMANCE_URL": running.urls["supplier-performance"],
            }
            playing = await asyncio.create_subprocess_exec(
                sys.executable,
                FOLDER / f"{scenario}.py",
                env=os.environ | urls | {"PURVEYOR_DATA_DIR": folder},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            said, _ = await asyncio.wait_for(playing.communicate(), LONGEST_SECONDS)
    assert playing.returncode == 0, said.decode()
    assert said.decode().endswith("All of it is as it says here.\n")
