"""`purveyor serve`: one API or one worker, as containers run it, with settings from the environment."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from purveyor_cli.commands.terminal import ServiceName, fail
from purveyor_cli.errors import UnreachableError
from purveyor_cli.services import service_named

if TYPE_CHECKING:
    from purveyor.service import ServiceContext
    from purveyor_messaging.kafka import KafkaTransport
    from purveyor_messaging.worker import Worker

app = typer.Typer(no_args_is_help=True, help="Run one API or one worker, with settings from the environment.")

Which = Annotated[ServiceName, typer.Option("--service", help="Which service.")]
Host = Annotated[str, typer.Option(envvar="PURVEYOR_HOST", help="Where to listen.")]
Port = Annotated[int, typer.Option(envvar="PURVEYOR_PORT", min=1, max=65535)]


@app.command()
def api(service: Which, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve a service's API until SIGTERM; requests in progress are answered."""
    from purveyor.http.serve import serve
    from purveyor.observability import configure_logging, configure_tracing
    from purveyor_cli.reach import context_from_environment, expect_no_pooler

    served = service_named(service)
    try:
        context = context_from_environment(served)
        asyncio.run(expect_no_pooler(context))
    except UnreachableError as error:
        fail(str(error))
    configure_logging(context.name, context.settings)
    configure_tracing(context.name, context.settings)
    serve(served.create_app(context), context.settings, host, port)


@app.command()
def worker(service: Which, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Run a service's relay, consumers, jobs and chores until SIGTERM; work in progress is finished.

    Over HTTP it answers probes and numbers only, and describes nothing.
    """
    import uvloop

    try:
        uvloop.run(_work(service, host, port))
    except UnreachableError as error:
        fail(str(error))


async def _work(name: str, host: str, port: int) -> None:
    from purveyor.garbage import spare_garbage_collection
    from purveyor.observability import configure_logging, configure_tracing
    from purveyor_cli.reach import context_from_environment, expect_no_pooler
    from purveyor_messaging.kafka import KafkaTransport

    served = service_named(name)
    context = context_from_environment(served)
    if context.settings.kafka_bootstrap_servers is None:
        raise UnreachableError(
            "A worker of its own needs Kafka: set PURVEYOR_KAFKA_BOOTSTRAP_SERVERS. "
            "Without Kafka, `purveyor up` runs all services in one process."
        )
    await expect_no_pooler(context)
    configure_logging(context.name, context.settings)
    configure_tracing(context.name, context.settings)
    stop = asyncio.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(wanted, stop.set)
    try:
        transport = KafkaTransport.from_settings(context.settings)
    except ValueError as error:
        raise UnreachableError(str(error)) from error
    try:
        work = served.code().worker(context, transport)
    except ValueError as error:
        raise UnreachableError(str(error)) from error
    spare_garbage_collection()
    try:
        async with _observable(context, transport, work, host, port):
            # What is handled on an older schema would fail for good, and be parked.
            await context.wait_for_schema(stop)
            await work.run(stop)
    finally:
        await transport.close()
        await context.database.close()


@asynccontextmanager
async def _observable(
    context: ServiceContext, transport: KafkaTransport, work: Worker, host: str, port: int
) -> AsyncIterator[None]:
    """Answer probes and Prometheus until the block ends."""
    from purveyor.http.serve import numbers_served, server_config
    from purveyor_cli.stack import Server
    from purveyor_messaging.api import build_app

    probes = build_app(
        context,
        (),
        title=f"{context.name} worker",
        description="Health and numbers.",
        checks={"transport": transport.check, "events": work.check},
    )
    server = Server(server_config(probes, context.settings, host, port))
    with numbers_served(context.metrics.registry, context.settings, host):
        serving = asyncio.create_task(server.serve())
        try:
            yield
        finally:
            server.should_exit = True
            await serving
