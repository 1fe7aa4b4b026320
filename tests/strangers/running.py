"""What strangers' programs speak to: the three services as `purveyor up` runs them, on a real Kafka."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from aiokafka import AIOKafkaConsumer
from rich.console import Console
from tests.strangers.tools import DOCUMENTS, ComplaintError, said

from purveyor_cli import kafka
from purveyor_cli.demo.story import Story
from purveyor_cli.demo.teller import StoryError, Teller
from purveyor_cli.folder import DataFolder
from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.roles import Role
from purveyor_history.platform import Platform, RefusedError

PEOPLE = {
    "ADMIN": ("olav", Role.ADMIN),
    "APPROVER": ("dora", Role.APPROVER),
    "AUDITOR": ("aud", Role.AUDITOR),
    "BUYER": ("ann", Role.BUYER),
    "BUYER_AND_MANAGER": ("ann", Role.BUYER, Role.CATEGORY_MANAGER),
    "MANAGER": ("carla", Role.CATEGORY_MANAGER),
    "ORDERER": ("bob", Role.BUYER),
    "RECEIVER": ("rita", Role.RECEIVER),
}
START_SECONDS = 180
SERVICES = ("SOURCING", "PROCUREMENT", "PERFORMANCE")


@contextmanager
def stack() -> Iterator[dict[str, str]]:
    """Run everything until the block ends; yield what programs find in their environment.

    Raises KafkaUnavailableError where there is none: it is given by KAFKA_BOOTSTRAP_SERVERS, or started.
    """
    given = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    broker = None if given else kafka.start(kafka.FOR_MINUTES)
    try:
        with tempfile.TemporaryDirectory(prefix="strangers-data-") as data:
            address = given or (broker.bootstrap_servers if broker else "")
            with _up(Path(data), address) as environment:
                yield environment
    finally:
        if broker is not None:
            broker.stop()


@contextmanager
def _up(data: Path, address: str) -> Iterator[dict[str, str]]:
    base = _three_free_ports()
    urls = [f"http://127.0.0.1:{base + place}" for place in range(3)]
    prefix = f"strangers-{os.getpid()}."
    settings = {"PURVEYOR_SCHEMAS_URL": f"{urls[0]}/schemas/", "PURVEYOR_KAFKA_PREFIX": prefix}
    options = ("--kafka", address, "--port-base", str(base), "--data-dir", str(data))
    with (data.parent / f"{data.name}.log").open("w+b") as log:
        process = subprocess.Popen(  # noqa: S603  # ours
            [sys.executable, "-m", "purveyor_cli.main", "up", *options],
            env=os.environ | settings,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            await_answers("the stack", process, [f"{url}/readyz" for url in urls], Path(log.name))
            issuer = DataFolder(data).issuer()
            tokens = {f"TOKEN_{name}": issuer.token(*person) for name, person in PEOPLE.items()}
            asyncio.run(_tell_story(dict(zip(DOCUMENTS, urls, strict=True)), issuer))
            _organise(urls[1], tokens["TOKEN_ADMIN"])
            places = {f"{name}_URL": url for name, url in zip(SERVICES, urls, strict=True)}
            for scenario in sorted(Path("examples", "scenarios").glob("*_*.py")):
                said(Path(), sys.executable, scenario, **places, PURVEYOR_DATA_DIR=str(data))
            yield tokens | places | {"KAFKA": address, "KAFKA_PREFIX": prefix}
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=60)
            finally:
                process.kill()
                process.wait()
                Path(log.name).unlink()


async def _tell_story(urls: dict[str, str], issuer: LocalIssuer) -> None:
    """Tell the demo's story: more happens in it than in a lifecycle, and listeners hear of all of it."""
    platform = Platform(urls)
    said = io.StringIO()
    try:
        await Story(Teller(Console(file=said), platform, issuer, list(urls))).tell()
    except (StoryError, RefusedError) as error:
        raise ComplaintError(f"{said.getvalue()}\n{error}") from error
    finally:
        await platform.close()


def _organise(procurement: str, token: str) -> None:
    """Make the business unit and the cost centre that every program's orders name."""
    for path in ("business-units/PUMPS", "cost-centres/4100"):
        answer = httpx.put(
            f"{procurement}/v1/{path}", json={"name": "Pumps"}, headers={"Authorization": f"Bearer {token}"}
        )
        answer.raise_for_status()


def _three_free_ports() -> int:
    for _ in range(20):
        (base,) = kafka.free_ports(1)
        if base < 65_000 and not any(_answers(base + place) for place in range(3)):
            return base
    raise ComplaintError("no three free ports in a row")


def _answers(port: int) -> bool:
    try:
        httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=1)
    except httpx.TransportError:
        return False
    return True


def await_answers(
    who: str, process: subprocess.Popen[bytes], urls: Sequence[str], log: Path, seconds: float = START_SECONDS
) -> None:
    """Wait until every address answers with 200; raises ComplaintError when that is late, or it ends."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if all(httpx.get(url, timeout=5).status_code == 200 for url in urls):
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise ComplaintError(f"{who} does not start:\n{log.read_text()[-3000:]}")


def write_messages(path: Path, environment: dict[str, str]) -> int:
    """Write every message that is on Kafka as a line of JSON; return how many there are."""
    lines = asyncio.run(_messages(environment["KAFKA"], environment["KAFKA_PREFIX"]))
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return len(lines)


async def _messages(address: str, prefix: str) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = []
    async with AIOKafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest") as consumer:
        topics = [topic for topic in await consumer.topics() if topic.startswith(prefix)]
        consumer.subscribe(topics)
        while found := await consumer.getmany(timeout_ms=3000):
            for messages in found.values():
                lines += [
                    {
                        "topic": message.topic,
                        "key": message.key.decode(),
                        "headers": {name: value.decode() for name, value in message.headers},
                        "value": message.value.decode(),
                    }
                    for message in messages
                ]
    return lines
