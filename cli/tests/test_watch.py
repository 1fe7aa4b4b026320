"""`purveyor up` says on the terminal what cannot be reached and what can again; its log names services."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from purveyor.http.health import NotReadyError
from purveyor_cli import postgres
from purveyor_cli.kafka import free_ports
from purveyor_cli.services import SERVICE_NAMES
from purveyor_cli.watch import Watch

PATIENCE_SECONDS = 120


class Thing:
    """Something that can be away."""

    def __init__(self) -> None:
        self.trouble: str | None = None

    async def check(self) -> None:
        if self.trouble is not None:
            raise NotReadyError(self.trouble)


async def test_each_change_is_said_once_and_things_with_one_reason_together() -> None:
    said: list[str] = []
    things = {name: Thing() for name in ("Kafka", "one", "two")}
    watch = Watch({name: thing.check for name, thing in things.items()}, said.append)
    await watch.look()
    assert said == []
    things["one"].trouble = things["two"].trouble = "refused"
    await watch.look()
    await watch.look()
    assert said == ["Cannot be reached, and is waited for: one, two (refused)"]
    things["one"].trouble, things["Kafka"].trouble = None, "no broker\nanswers"
    await watch.look()
    assert said[1:] == [
        "Cannot be reached, and is waited for: Kafka (no broker)",
        "Can be reached again, after 0 seconds: one",
    ]


class Terminal:
    """What a process says, line by line, as it says it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            for line in self.process.stdout:
                self.lines.append(line)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()
        self._reading.join()

    def wait_for(self, *words: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not any(all(word in line for word in words) for line in list(self.lines)):
            assert time.monotonic() < deadline, (words, self.lines)
            assert self.process.poll() is None, self.lines
            time.sleep(0.1)


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="purveyor-watch-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_up_says_what_is_away_and_what_has_come_back_and_its_log_names_each_service(folder: Path) -> None:
    server = postgres.start(folder / "postgres", throw_away=True)
    (closed,) = free_ports(1)
    stands_on = ["--database", server.url_for("postgres"), "--kafka", f"127.0.0.1:{closed}"]
    data = folder / "data"
    command = [sys.executable, "-m", "purveyor_cli.main", "up", "--data-dir", str(data), "--port-base", "0"]
    process = subprocess.Popen(  # noqa: S603  # ours
        [*command, *stands_on], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    terminal = Terminal(process)
    try:
        terminal.wait_for("Purveyor runs")
        terminal.wait_for("Cannot be reached", "Kafka")
        server.stop()
        terminal.wait_for("Cannot be reached", *(f"the database of {name}" for name in SERVICE_NAMES))
        server = postgres.start(folder / "postgres", throw_away=True)
        terminal.wait_for("Can be reached again", *(f"the database of {name}" for name in SERVICE_NAMES))
    finally:
        terminal.end()
        server.stop()
    logged = [json.loads(line) for line in (data / "log").read_text().splitlines()]
    assert {line["service"] for line in logged} >= set(SERVICE_NAMES)
    unnamed = [line for line in logged if line["service"] not in SERVICE_NAMES]
    assert not [line for line in unnamed if not line.get("logger", "").startswith("uvicorn")], unnamed
