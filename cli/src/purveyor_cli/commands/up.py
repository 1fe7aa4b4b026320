"""`purveyor up`: everything on this machine, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from purveyor_cli.commands.terminal import DEFAULT_DATA_DIR, DataDir, err, fail, out, this_command
from purveyor_cli.errors import CommandError

if TYPE_CHECKING:
    from purveyor_cli.stack import Options, Stack

HISTORY = "examples/history/halden-pumps.csv --mapping examples/mappings/halden-pumps.toml"


def up(
    data_dir: DataDir = DEFAULT_DATA_DIR,
    database: Annotated[
        str | None,
        typer.Option(
            envvar="PURVEYOR_UP_DATABASE",
            help="A PostgreSQL 17+ server instead of the embedded one: postgresql://user:password@host:5432. "
            "The databases are made in it.",
        ),
    ] = None,
    kafka: Annotated[
        str | None, typer.Option(help="Kafka instead of the in-process transport: host:port[,host:port].")
    ] = None,
    port_base: Annotated[
        int, typer.Option(min=0, max=65533, help="The first of three ports; 0 takes any free ones.")
    ] = 8001,
) -> None:
    """Run the three services with their workers, and PostgreSQL, until Ctrl-C or SIGTERM."""
    import uvloop

    from purveyor_cli.stack import Options

    options = Options(data_dir, database, kafka, port_base, log=data_dir / "log")
    try:
        uvloop.run(_up(options))
    except CommandError as error:
        fail(str(error))


async def _up(options: Options) -> None:
    from purveyor_cli import stack

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, stop.set)
    async with stack.running(options, lambda step: err.print(f"[dim]{step}[/]")) as running:
        _welcome(running, options.data_dir)
        stopped = asyncio.ensure_future(_watch(running, stop))
        await asyncio.wait({stopped, running.failed}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await stopped
        if running.failed.done():
            running.failed.result()
    out.print(f"Stopped; the data is kept in {options.data_dir}")


async def _watch(running: Stack, stop: asyncio.Event) -> None:
    """Say until stopped what cannot be reached: who works here should not have to look into the log."""
    from purveyor_cli.watch import Watch

    await Watch(running.checks, lambda what: err.print(f"[bold yellow]{escape(what)}[/]")).run(stop)


def _welcome(running: Stack, data_dir: Path) -> None:
    out.print("\n[bold]Purveyor runs.[/] Stop it with Ctrl-C.\n")
    for name, url in running.urls.items():
        out.print(f"  {name:22}{url}/docs")
    option = "" if data_dir == DEFAULT_DATA_DIR else f" --data-dir {data_dir}"
    purveyor = this_command()
    out.print(
        f"""
A token           {purveyor} token --role buyer --subject ann{option}
A first call      curl -H "Authorization: Bearer $({purveyor} token --role buyer{option})" \
{running.urls["sourcing"]}/v1/suppliers
A history         {purveyor} import propose {HISTORY}{option}
                  {purveyor} import approve … (the ids that it says){option}
                  {purveyor} import history {HISTORY}{option}
Parked events     {purveyor} events parked{option}
The log           {data_dir / "log"}
"""
    )
