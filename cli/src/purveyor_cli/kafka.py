"""Apache Kafka from Maven Central, one node in KRaft mode: for tests and a machine without Docker."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from uuid_utils.compat import uuid7

from purveyor_cli.watchdog import Watchdog

POM = Path(__file__).parents[3] / "deploy" / "local" / "kafka" / "pom.xml"
HOST = "127.0.0.1"
QUICK_START = "-XX:TieredStopAtLevel=1"
"""For a JVM that is gone in a second: it compiles less."""
START_SECONDS = 60
STARTED = "Kafka Server started"
ONE_NODE = {
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "auto.create.topics.enable": "false",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
}
"""Settings of a broker that is alone, and whose groups form at once."""


class KafkaUnavailableError(RuntimeError):
    """No broker can be started here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What a broker has beside one listener that trusts everybody."""

    listeners: Mapping[str, str] = field(default_factory=dict)
    """By name, and the security protocol of each."""
    settings: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)
    """Who logs in by SCRAM, and the password of each."""
    java: Sequence[str] = ()


FOR_MINUTES = Extras(java=(QUICK_START, "-XX:+UseSerialGC"))
"""For a broker that is gone in a few minutes: what it compiles best would cost more than it ever saves."""


@dataclass(frozen=True, slots=True)
class RunningKafka:
    """A broker of ours and where it listens."""

    bootstrap_servers: str
    addresses: Mapping[str, str]
    """Of its other listeners, by their names."""
    folder: Path
    process: subprocess.Popen[bytes]
    watchdog: Watchdog

    def stop(self) -> None:
        """Kill the broker and delete its data: nobody will miss it."""
        self.process.kill()
        self.process.wait()
        self.watchdog.dismiss()
        shutil.rmtree(self.folder, ignore_errors=True)


def start(extras: Extras | None = None, port: int | None = None) -> RunningKafka:
    """Start a broker on a port, or a free one, its data in a temporary folder; it dies with us.

    Raises KafkaUnavailableError where Java or Maven is missing, or Maven Central cannot be reached.
    """
    java = shutil.which("java")
    if java is None:
        raise KafkaUnavailableError("there is no java on the PATH")
    classpath = f"{libraries()}/*"
    folder = Path(tempfile.mkdtemp(prefix="purveyor-kafka-"))
    extras = extras or Extras()
    free = free_ports(2 + len(extras.listeners))
    if port is not None:
        free[1] = port
    controller, *ports = (f"{HOST}:{number}" for number in free)
    addresses = dict(zip(("PLAINTEXT", *extras.listeners), ports, strict=True))
    properties = folder / "server.properties"
    properties.write_text(_properties(folder, controller, addresses, extras))
    format_storage = ["kafka.tools.StorageTool", "format", "--cluster-id", uuid7().hex[:22]]
    for name, password in extras.users.items():
        format_storage += ["--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]"]
    try:
        _run([java, QUICK_START, "-cp", classpath, *format_storage, "--config", str(properties)])
    except KafkaUnavailableError:
        shutil.rmtree(folder)
        raise
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # ours
            [java, "-Xmx512m", "-Xms512m", *extras.java, "-cp", classpath, "kafka.Kafka", str(properties)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    watchdog = Watchdog.over(process.pid, stop_signal=signal.SIGKILL, remove=str(folder))
    running = RunningKafka(addresses.pop("PLAINTEXT"), addresses, folder, process, watchdog)
    deadline = time.monotonic() + START_SECONDS
    while STARTED not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-2000:]
            running.stop()
            raise KafkaUnavailableError(f"the broker did not start:\n{tail}")
        time.sleep(0.05)
    return running


def libraries() -> Path:
    """Return the folder of the broker's jars, fetched once a user and version of the pom."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    version = hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    jars = cache / "purveyor" / f"kafka-{version}"
    if jars.is_dir():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailableError("there is no mvn on the PATH to fetch Apache Kafka with")
    jars.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=jars.parent) as folder:
        fetched = Path(folder) / "jars"
        copy = ["dependency:copy-dependencies", f"-DoutputDirectory={fetched}"]
        _run([maven, "-q", "-B", "-f", str(POM), *copy])
        with suppress(OSError):  # another process was faster
            fetched.rename(jars)
    return jars


def _run(command: list[str]) -> None:
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    if result.returncode:
        raise KafkaUnavailableError(f"{command[0]} failed:\n{result.stdout[-1000:]}{result.stderr[-1000:]}")


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on at this moment."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind((HOST, 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def container_environment(port: int) -> dict[str, str]:
    """Return the environment of Apache Kafka's image for a broker that the host reaches on this port."""
    addresses = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": "1@localhost:9093",
        "listeners": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
    }
    settings = addresses | ONE_NODE
    return {f"KAFKA_{name.upper().replace('.', '_')}": value for name, value in settings.items()}


def _properties(folder: Path, controller: str, addresses: Mapping[str, str], extras: Extras) -> str:
    listeners = ",".join(f"{name}://{address}" for name, address in addresses.items())
    protocols = {"PLAINTEXT": "PLAINTEXT", "CONTROLLER": "PLAINTEXT", **extras.listeners}
    here = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{controller}",
        "listeners": f"{listeners},CONTROLLER://{controller}",
        "advertised.listeners": listeners,
        "listener.security.protocol.map": ",".join(f"{name}:{one}" for name, one in protocols.items()),
        "log.dirs": str(folder / "data"),
    }
    settings = here | ONE_NODE | dict(extras.settings)
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def main() -> None:
    """`make kafka`: run a broker until Ctrl-C, and say where it listens."""
    parser = argparse.ArgumentParser(description="Run Apache Kafka here until Ctrl-C.")
    parser.add_argument("--port", type=int, default=9092)
    given = parser.parse_args()
    stop = threading.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: stop.set())
    try:
        broker = start(port=given.port)
    except KafkaUnavailableError as error:
        sys.exit(f"No Kafka: {error}")
    sys.stdout.write(f"Kafka answers at {broker.bootstrap_servers}. Stop it with Ctrl-C; it keeps nothing.\n")
    sys.stdout.flush()
    stop.wait()
    broker.stop()


if __name__ == "__main__":
    main()
