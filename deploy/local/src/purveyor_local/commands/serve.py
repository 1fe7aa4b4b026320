"""`purveyor serve`: one API or one worker, as containers run it, with settings from the environment."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import typer
import uvicorn
import uvloop
from purveyor.messaging.kafka import KafkaTransport

from purveyor.worker import Worker
from purveyor_local.commands.terminal import ServiceName, fail
from purveyor_local.reach import UnreachableError, context_from_environment
from purveyor_local.services import service_named

app = typer.Typer(no_args_is_help=True, help="Run one API or one worker, with settings from the environment.")

Which = Annotated[ServiceName, typer.Option("--service", help="Which service.")]


@app.command()
def api(
    service: Which,
    host: Annotated[str, typer.Option(envvar="PURVEYOR_HOST", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PURVEYOR_PORT", min=1, max=65535)] = 8000,
) -> None:
    """Serve a service's API until SIGTERM; requests in progress are answered."""
    served = service_named(service)
    try:
        context = context_from_environment(served)
    except UnreachableError as error:
        fail(str(error))
    uvicorn.run(
        served.code().create_app(context),
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=int(context.settings.drain_timeout.total_seconds()),
    )


@app.command()
def worker(service: Which) -> None:
    """Run a service's relay, consumers, jobs and chores until SIGTERM; work in progress is finished."""
    try:
        uvloop.run(_work(service))
    except UnreachableError as error:
        fail(str(error))


async def _work(name: str) -> None:
    served = service_named(name)
    context = context_from_environment(served)
    if context.settings.kafka_bootstrap_servers is None:
        raise UnreachableError(
            "A worker of its own needs Kafka: set PURVEYOR_KAFKA_BOOTSTRAP_SERVERS. "
            "Without Kafka, `purveyor up` runs all services in one process."
        )
    stop = asyncio.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(wanted, stop.set)
    transport, code = KafkaTransport(context.settings), served.code()
    work = Worker(context, transport, consumers=code.consumers, jobs=code.jobs, chores=code.chores)
    try:
        await work.run(stop)
    finally:
        await transport.close()
        await context.database.close()
