"""All services in one process: PostgreSQL, migrations, three APIs, three workers, one transport."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import uvicorn
from sqlalchemy.engine import make_url

from purveyor.http.health import Check, accepts_connections, answers
from purveyor.http.serve import server_config
from purveyor.migrations.applied import SchemaError
from purveyor.migrations.run import upgrade
from purveyor.observability import configure_logging, configure_tracing
from purveyor.service import ServiceContext
from purveyor_cli import postgres
from purveyor_cli.errors import StackError
from purveyor_cli.folder import DataFolder, State, Urls
from purveyor_cli.issuer import LocalIssuer
from purveyor_cli.services import SERVICES, Service
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.local import LocalTransport
from purveyor_messaging.transport import Transport

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Options:
    """How to run the stack. `port_base` 0 takes any free ports; `throw_away` keeps no data and is quicker.

    The log goes to a file where there is one; otherwise logging is left as it is.
    """

    data_dir: Path
    database: str | None = None
    kafka: str | None = None
    port_base: int = 8001
    throw_away: bool = False
    log: Path | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack."""

    urls: dict[str, str]
    contexts: dict[str, ServiceContext]
    issuer: LocalIssuer
    failed: asyncio.Future[None]
    """Done with an exception when a part of the stack ended by itself."""
    checks: Mapping[str, Check]
    """What it stands on, by name: raises when that cannot be reached."""


Say = Callable[[str], None]
"""Tells the person at the terminal what is going on."""


class Server(uvicorn.Server):
    """An HTTP server in a process that has other things to stop too, and handles the signals itself."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@asynccontextmanager
async def running(options: Options, say: Say) -> AsyncIterator[Stack]:
    """Run everything until the block ends; then drain: requests first, then workers, then the databases."""
    folder = DataFolder(options.data_dir)
    async with AsyncExitStack() as cleanup:
        cleanup.enter_context(folder.lock())
        sockets = _listen(options.port_base, cleanup)
        urls = {name: f"http://{HOST}:{bound.getsockname()[1]}" for name, bound in sockets.items()}
        databases = await cleanup.enter_async_context(_databases(options, folder, say))
        state = State(
            pid=os.getpid(),
            urls={},
            databases=databases,
            embedded=options.database is None,
            kafka=options.kafka,
        )
        folder.write_state(state)
        issuer = folder.issuer()
        contexts = {}
        for service in SERVICES:
            say(f"Migrating {service.name}")
            try:
                await upgrade(databases[service.name].migration, service.migrations)
            except SchemaError as error:
                raise StackError(str(error)) from error
            contexts[service.name] = _context(service, databases[service.name], issuer, options)
            cleanup.push_async_callback(contexts[service.name].database.close)
        if options.log is not None:
            stream = cleanup.enter_context(options.log.open("a", buffering=1, encoding="utf-8"))
            configure_logging("local", contexts[SERVICES[0].name].settings, stream)
        configure_tracing("local", contexts[SERVICES[0].name].settings)
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        transports = await cleanup.enter_async_context(_workers(contexts, options, failed))
        for service in SERVICES:
            say(f"Serving {service.name} on {urls[service.name]}")
            await cleanup.enter_async_context(
                _api(service, contexts[service.name], sockets[service.name], failed)
            )
        folder.write_state(state.model_copy(update={"urls": urls}))
        yield Stack(urls, contexts, issuer, failed, _checks(contexts, options, transports))
        say("Draining")


def _listen(port_base: int, cleanup: AsyncExitStack) -> dict[str, socket.socket]:
    sockets = {}
    for service in SERVICES:
        port = port_base and port_base + service.port_offset
        bound = socket.socket()
        cleanup.callback(bound.close)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((HOST, port))
        except OSError as error:
            raise StackError(
                f"Port {port} for {service.name}: {error.strerror}. Choose other ports with --port-base."
            ) from error
        sockets[service.name] = bound
    return sockets


@asynccontextmanager
async def _databases(options: Options, folder: DataFolder, say: Say) -> AsyncIterator[dict[str, Urls]]:
    """Yield the URLs of each service's database, made where it is not there yet.

    A server of our own has a role for each duty, one that was given the role that was given.
    """
    if options.database is not None:
        say("Using the PostgreSQL server given")
        admin = make_url(options.database)
        admin = admin.set(drivername="postgresql", database=admin.database or "postgres")
        try:
            yield await _ensured(
                admin.render_as_string(hide_password=False),
                lambda name: Urls.undivided(admin.set(database=name).render_as_string(hide_password=False)),
            )
        except OSError as error:
            raise StackError(f"The PostgreSQL server of --database does not answer: {error}.") from error
        return
    say("Starting PostgreSQL")
    server = await _embedded(folder.postgres, throw_away=options.throw_away)
    try:
        await postgres.ensure_roles(server.url_for("postgres"), [service.database for service in SERVICES])
        yield await _ensured(server.url_for("postgres"), server.urls_for)
    finally:
        await asyncio.to_thread(server.stop)


async def _embedded(folder: Path, *, throw_away: bool) -> postgres.RunningPostgres:
    try:
        return await asyncio.to_thread(partial(postgres.start, folder, throw_away=throw_away))
    except ModuleNotFoundError as error:
        raise StackError(
            "The embedded PostgreSQL is not installed: install purveyor-cli[embedded], or point --database "
            "at a server."
        ) from error
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        raise StackError(f"The embedded PostgreSQL does not start, see {folder / 'log'}: {error}") from error


async def _ensured(admin_url: str, urls_for: Callable[[str], Urls]) -> dict[str, Urls]:
    for service in SERVICES:
        await postgres.ensure_database(admin_url, service.database)
    return {service.name: urls_for(service.database) for service in SERVICES}


def _context(service: Service, database: Urls, issuer: LocalIssuer, options: Options) -> ServiceContext:
    folder = DataFolder(options.data_dir)
    settings = service.settings(
        **database.settings,
        **folder.audit_settings,
        files=folder.files,
        **folder.bank_settings(service.name),
        kafka_bootstrap_servers=options.kafka,
        oidc_issuer=issuer.url,
        oidc_jwks_file=issuer.jwks_file,
    )
    return ServiceContext.create(service.name, settings)


def _checks(
    contexts: Mapping[str, ServiceContext], options: Options, transports: list[Transport]
) -> dict[str, Check]:
    """Return what tells whether the databases answer, and Kafka where there is one."""
    checks = {f"the database of {name}": answers(context.database) for name, context in contexts.items()}
    if options.kafka is not None:
        brokers = accepts_connections(options.kafka)

        async def kafka() -> None:
            await brokers()
            for transport in transports:
                if isinstance(transport, KafkaTransport):
                    await transport.check()

        checks["Kafka"] = kafka
    return checks


@asynccontextmanager
async def _workers(
    contexts: dict[str, ServiceContext], options: Options, failed: asyncio.Future[None]
) -> AsyncIterator[list[Transport]]:
    """Run every service's worker until the block ends; what they have begun is finished."""
    stop = asyncio.Event()
    local = LocalTransport()
    workers = []
    for service in SERVICES:
        context = contexts[service.name]
        transport: Transport = local
        if options.kafka is not None:
            transport = KafkaTransport.from_settings(context.settings)
        workers.append(service.code().worker(context, transport))
    tasks = [asyncio.create_task(worker.run(stop)) for worker in workers]
    for task in tasks:
        task.add_done_callback(lambda ended: _report(ended, stop, failed))
    try:
        yield [worker.transport for worker in workers]
    finally:
        stop.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        for worker in workers:
            await worker.transport.close()


@asynccontextmanager
async def _api(
    service: Service, context: ServiceContext, bound: socket.socket, failed: asyncio.Future[None]
) -> AsyncIterator[None]:
    """Serve one API until the block ends; requests in progress are answered."""
    host, port = bound.getsockname()
    config = server_config(service.create_app(context), context.settings, host, port)
    server = Server(config)
    stop = asyncio.Event()
    task = asyncio.create_task(server.serve([bound]))
    task.add_done_callback(lambda ended: _report(ended, stop, failed))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield
    finally:
        stop.set()
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)


def _report(ended: asyncio.Task[None], stop: asyncio.Event, failed: asyncio.Future[None]) -> None:
    """Note that a part of the stack ended although nobody stopped it."""
    if stop.is_set() or failed.done():
        return
    error = None if ended.cancelled() else ended.exception()
    failed.set_exception(StackError(f"A part of the stack ended by itself: {error!r}"))
