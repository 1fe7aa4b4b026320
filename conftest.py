"""Fixtures of all tests: a real PostgreSQL, a real Apache Kafka, an issuer of tokens."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import NoReturn

import docker
import pytest
import structlog
from docker.errors import DockerException

from purveyor.garbage import look_for_cycles_rarely
from purveyor.migrations.run import upgrade
from purveyor.testing.databases import Databases
from purveyor_cli import kafka, postgres
from purveyor_cli.issuer import LocalIssuer
from purveyor_cli.services import service_named

look_for_cycles_rarely()  # a third of what it takes to read what is tested

NewDatabase = Callable[[str], Awaitable[str]]
ROOT = Path(__file__).parent
SHARED = {"kafka_bootstrap_servers": "kafka", "running": "stack", "served": "documented"}
"""What is slow to start, and the group of the tests that use it: one worker process gets them all."""
LONGEST_FIRST = (ROOT / "tests" / "integration", ROOT / "tests" / "documented", ROOT / "cli")
"""The tests that run whole stacks, in this order: begun last, they would let the other workers wait."""
FAULT_CYCLES = 40
"""Of all tests of faults together; `make faults` runs more (CONTRIBUTING.md)."""
NOT_YET_BOUND = type(structlog.get_logger())
"""What a module has for its log: with caching it keeps, once used, what it was bound to."""
POSTGRES_IMAGE = "postgres:18"
KAFKA_IMAGE = "apache/kafka:4.1.0"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell pytest-xdist which tests belong together, and begin with those that take longest."""
    for item in items:
        for fixture in SHARED.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group(SHARED[fixture]))
    items.sort(key=lambda item: [not item.path.is_relative_to(folder) for folder in LONGEST_FIRST])


@pytest.fixture
def cycles(request: pytest.FixtureRequest) -> int:
    """Return how many cycles of faults this test runs: its share of FAULT_CYCLES, which are 40 in all."""
    share: int = request.node.get_closest_marker("faults").args[0]
    return max(1, share * int(os.environ.get("FAULT_CYCLES", FAULT_CYCLES)) // FAULT_CYCLES)


@pytest.fixture(autouse=True, scope="session")
def short_tracebacks_in_logs() -> None:
    """Log exceptions plainly: to draw every frame with its variables takes a second each."""
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, renderer])


@pytest.fixture(autouse=True)
def logging_as_before(short_tracebacks_in_logs: None) -> Iterator[None]:
    """Undo what a test that ran a service as a process does with its logs: loggers keep where they write."""
    before = structlog.get_config()
    yield
    if structlog.get_config()["cache_logger_on_first_use"]:
        structlog.configure(**before)
        for module in list(sys.modules.values()):
            log = getattr(module, "log", None)
            if type(log) is NOT_YET_BOUND:
                vars(log).pop("bind", None)


def docker_answers() -> bool:
    """Whether a Docker engine can start containers for tests."""
    with warnings.catch_warnings():
        # An attempt that fails leaves its socket to the garbage collector, and a test would be blamed for it.
        warnings.simplefilter("ignore", ResourceWarning)
        answers = _ping_docker()
        gc.collect()
    return answers


def _ping_docker() -> bool:
    try:
        client = docker.from_env(timeout=2)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except DockerException:
        return False


@pytest.fixture(scope="session")
async def postgres_url() -> AsyncIterator[str]:
    """Yield a PostgreSQL server's administrative URL: DATABASE_URL, else Docker, else the wheel."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
    elif docker_answers():
        from testcontainers.postgres import PostgresContainer  # noqa: PLC0415  # slow to import

        with PostgresContainer(POSTGRES_IMAGE, driver=None) as container:
            yield container.get_connection_url()
    else:
        folder = Path(tempfile.mkdtemp(prefix="purveyor-test-"))
        server = postgres.start(folder, throw_away=True)
        try:
            yield server.url_for("postgres")
        finally:
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def databases(postgres_url: str) -> AsyncIterator[Databases]:
    """Yield what makes and lends the databases of this process; they are dropped at the end."""
    databases = Databases(postgres_url)
    await databases.make_roles()
    yield databases
    await databases.close()


@pytest.fixture(scope="session")
def new_database(databases: Databases) -> NewDatabase:
    """Make a database of a service, that stays for the session."""

    async def new(service: str) -> str:
        return await databases.new(service, partial(migrate, service))

    return new


@pytest.fixture
async def lend_database(databases: Databases) -> AsyncIterator[NewDatabase]:
    """Lend a test an empty database of a service."""
    async with AsyncExitStack() as lent:

        async def lend(service: str) -> str:
            return await lent.enter_async_context(databases.lent(service, partial(migrate, service)))

        yield lend


async def migrate(service: str, url: str) -> None:
    """Bring a new database to the newest schema of a service, or of the kernel and messaging alone."""
    shared = service == "kernel"
    await upgrade(url, "purveyor_messaging.migrations" if shared else service_named(service).migrations)


@pytest.fixture(scope="session")
def issuer() -> Iterator[LocalIssuer]:
    """Yield an issuer whose tokens the services under test trust."""
    with tempfile.TemporaryDirectory(prefix="purveyor-issuer-") as folder:
        yield LocalIssuer.in_folder(Path(folder))


@pytest.fixture(scope="session")
def kafka_bootstrap_servers() -> Iterator[str]:
    """Yield a real Kafka's address: KAFKA_BOOTSTRAP_SERVERS, else Docker, else one from Maven Central.

    Without any of them the test is skipped, unless REQUIRE_KAFKA=1, as in CI.
    """
    with _kafka(os.environ.get("KAFKA_BOOTSTRAP_SERVERS")) as address:
        yield address


@pytest.fixture(scope="module")
def own_kafka() -> Iterator[str]:
    """Yield a real Kafka for one module alone, whose tests say what is on the topics and what is not."""
    with _kafka(None) as address:
        yield address


@pytest.fixture(scope="session")
def start_kafka() -> Callable[..., kafka.RunningKafka]:
    """Return what starts brokers that a test configures, or stops; with Docker alone there is none."""

    def start(extras: kafka.Extras = kafka.FOR_MINUTES) -> kafka.RunningKafka:
        try:
            return kafka.start(extras)
        except kafka.KafkaUnavailableError as error:
            if docker_answers():
                pytest.skip(f"a broker of its own needs java and mvn: {error}")
            _go_without_kafka(error)

    return start


def _go_without_kafka(error: kafka.KafkaUnavailableError) -> NoReturn:
    if os.environ.get("REQUIRE_KAFKA") == "1":
        pytest.fail(f"REQUIRE_KAFKA=1, and there is no Kafka: {error}")
    pytest.skip(f"no Kafka: {error}")


@contextmanager
def _kafka(given: str | None) -> Iterator[str]:
    if given:
        yield given
        return
    try:
        if docker_answers():
            with _kafka_container() as address:
                yield address
            return
        broker = kafka.start(kafka.FOR_MINUTES)
    except kafka.KafkaUnavailableError as error:
        _go_without_kafka(error)
    try:
        yield broker.bootstrap_servers
    finally:
        broker.stop()


@contextmanager
def _kafka_container() -> Iterator[str]:
    from testcontainers.core.container import DockerContainer  # noqa: PLC0415  # slow to import
    from testcontainers.core.waiting_utils import wait_for_logs  # noqa: PLC0415

    port = kafka.free_ports(1)[0]
    container = DockerContainer(KAFKA_IMAGE).with_bind_ports(9092, port)
    for name, value in kafka.container_environment(port).items():
        container = container.with_env(name, value)
    with container:
        wait_for_logs(container, kafka.STARTED)
        yield f"127.0.0.1:{port}"
