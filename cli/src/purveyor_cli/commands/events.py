"""`purveyor events`: what services tell each other, and what of it could not be applied."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from purveyor_cli.commands import streams
from purveyor_cli.commands.terminal import (
    DEFAULT_DATA_DIR,
    DataDir,
    ServiceName,
    ServiceOption,
    fail,
    noted,
    operator,
    out,
    run,
)

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from purveyor.db import Transaction
    from purveyor_cli.reach import Reached
    from purveyor_messaging.archive import Archived
    from purveyor_messaging.feed import Findings, PublishedEvent
    from purveyor_messaging.parked import ParkedEvent
    from purveyor_messaging.recovery import Retried

TAIL_SECONDS = 0.2

app = typer.Typer(no_args_is_help=True, help="What services tell each other, and what of it failed.")
app.command()(streams.recover)
app.command()(streams.reconcile)

OneService = Annotated[ServiceName, typer.Option("--service", help="Whose database it is in.")]
AcceptGap = Annotated[bool, typer.Option("--accept-gap", help="Give up the events missing before it.")]


def _reach(data_dir: Path, service: str | None) -> AbstractAsyncContextManager[list[Reached]]:
    from purveyor_cli.folder import DataFolder
    from purveyor_cli.reach import reach

    return reach(DataFolder(data_dir), service)


@app.command("parked")
def list_parked(
    service: ServiceOption = None,
    consumer: Annotated[str | None, typer.Option(help="One consumer, such as procurement.suppliers.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many a service.")] = 50,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """List events that could not be applied, and those that wait behind them. Ends with 1 if any."""
    from purveyor_messaging import parked

    async def collect() -> list[str]:
        lines = []
        async with _reach(data_dir, service) as reached:
            for one in reached:
                async with one.context.database.connection() as connection:
                    events = await parked.listed(connection, consumer=consumer, limit=limit)
                lines += [_shown(one, event) for event in events]
        return lines

    found = run(collect())
    if not found:
        out.print("No event is parked.")
        return
    for line in found:
        out.print(line)
    out.print(
        "\nThe first of a stream decides: `purveyor events retry ID --service …` once the cause is gone, or "
        "`purveyor events drop ID --service … --reason …`."
    )
    raise typer.Exit(1)


def _shown(one: Reached, event: ParkedEvent) -> str:
    envelope = event.envelope
    shown = (
        f"[bold]{event.id}[/] {one.service.name}: [yellow]{envelope.type.removeprefix('purveyor.')}[/] "
        f"{envelope.topic} {envelope.key} sequence {envelope.sequence}, for {event.consumer}: {event.reason}"
    )
    if event.retry_at is not None:
        shown += f", tried again at {event.retry_at:%Y-%m-%d %H:%M:%S}"
    error = (event.error or "").strip().splitlines()
    return f"{shown}\n    {escape(error[-1])}" if error else shown


@app.command()
def retry(
    parked_id: Annotated[int, typer.Argument(metavar="ID", help="From `purveyor events parked`.")],
    service: OneService,
    accept_gap: AcceptGap = False,
    accept_fork: Annotated[
        bool, typer.Option("--accept-fork", help="Apply it although it does not follow on what was applied.")
    ] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Apply a parked event again, and those of its stream behind it. Ends with 1 when it fails again."""
    from purveyor_messaging import recovery

    async def again(tx: Transaction, one: Reached) -> Retried:
        consumers = one.service.code().consumers
        return await recovery.retry(tx, consumers, parked_id, accept_gap=accept_gap, accept_fork=accept_fork)

    result = run(_decide(data_dir, service, again))
    if result.error is not None:
        fail(f"It failed again and stays parked:\n{result.error.strip()}")
    out.print(f"Applied, and {result.released} behind it.")


@app.command()
def drop(
    parked_id: Annotated[int, typer.Argument(metavar="ID", help="From `purveyor events parked`.")],
    service: OneService,
    reason: Annotated[str, typer.Option(help="Why it is given up; kept in the audit record.")],
    accept_gap: AcceptGap = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Give up a parked event as if it had been handled; those of its stream behind it go on."""
    from purveyor_messaging import recovery

    async def give_up(tx: Transaction, one: Reached) -> Retried:
        consumers = one.service.code().consumers
        return await recovery.drop(tx, consumers, parked_id, reason=reason, accept_gap=accept_gap)

    result = run(_decide(data_dir, service, give_up))
    out.print(f"Dropped; {result.released} behind it were applied.")


async def _decide(
    data_dir: Path, service: str, decide: Callable[[Transaction, Reached], Awaitable[Retried]]
) -> Retried:
    async with _reach(data_dir, service) as (one,), one.context.database.transaction() as tx:
        tx.actor = operator()
        return await decide(tx, one)


@app.command()
def verify(
    service: ServiceOption = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Publish the events that were never published.")
    ] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Look for events that were never published, or twice, and for holes in the order. Ends with 1 if any."""

    async def look() -> list[str]:
        lines = []
        async with _reach(data_dir, service) as reached:
            found = {one.service.name: await _findings(one) for one in reached}
        for name, before in found.items():
            findings = await _repaired(data_dir, name) if repair and before.unlisted else before
            if not findings:
                out.print(f"{name}: {findings.last_position} events published, each once, without a hole")
            lines += _told(name, findings)
        return lines

    problems = run(look())
    if problems:
        fail("\n".join(problems))


async def _repaired(data_dir: Path, service: str) -> Findings:
    from purveyor_cli.carriers import publishing
    from purveyor_cli.folder import DataFolder
    from purveyor_messaging import repair as repairing

    async with publishing(DataFolder(data_dir), service) as (one, transport):
        await noted(one, "repair")
        count = await repairing.repair(one.context.database, service, transport)
        out.print(f"{service}: published {count} events that had been missed")
        return await _findings(one)


async def _findings(one: Reached) -> Findings:
    from purveyor_messaging import feed

    async with one.context.database.connection() as connection:
        return await feed.verify(connection)


def _told(service: str, findings: Findings) -> list[str]:
    return [
        f"{service}: {what}: {', '.join(map(str, ids[:20]))}"
        for what, ids in (
            ("outbox ids that no batch lists", findings.unlisted),
            ("outbox ids that two batches list", findings.listed_twice),
            ("batches that do not follow on the one before, by first position", findings.misplaced),
        )
        if ids
    ]


@app.command("archive")
def archive_log(
    service: OneService,
    days: Annotated[int, typer.Option(min=1, help="All of its events are older than that.")] = 730,
    read_back: Annotated[
        int | None, typer.Option("--read-back", metavar="NUMBER", help="Put this partition back instead.")
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Take the oldest partition out of the event log, into the schema `archive`."""
    from purveyor_cli.reach import owning
    from purveyor_messaging import archive

    async def move() -> Archived:
        async with _reach(data_dir, service) as (one,), owning(one.context) as database:
            if read_back is not None:
                return await archive.read_back(database, read_back, actor=operator())
            return await archive.archive(database, timedelta(days=days), actor=operator())

    moved = run(move())
    where = "is in the log again" if read_back is not None else f"is archive.outbox_{moved.number} now"
    out.print(
        f"Partition {moved.number}, {moved.events} events, {where}; the log begins at position "
        f"{moved.log_begins_at}."
    )


@app.command()
def replay(
    service: OneService,
    after: Annotated[int, typer.Option(min=0, help="The position to begin after.")] = 0,
    until: Annotated[
        int | None, typer.Option(min=1, help="The last position; all of them if absent.")
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Publish a service's events again, in order; subscribers skip what they have, and fill gaps."""
    from purveyor_cli.carriers import publishing
    from purveyor_cli.folder import DataFolder
    from purveyor_messaging import feed

    async def publish() -> int:
        async with publishing(DataFolder(data_dir), service) as (one, transport):
            await noted(one, "replay", after=after, until=until)
            return await feed.replay(one.context.database, service, transport, after=after, until=until)

    count = run(publish())
    out.print(f"Published {count} events of {service} again.")


@app.command()
def tail(
    service: OneService,
    after: Annotated[
        int | None, typer.Option(min=0, help="The position to begin after; the last ten if absent.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on as events come, until Ctrl-C.")
    ] = False,
    content: Annotated[bool, typer.Option("--content", help="Show what the events say, too.")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Show a service's events in the order in which they were published."""
    from purveyor_messaging import feed

    async def show() -> None:
        async with _reach(data_dir, service) as (one,):
            database = one.context.database
            async with database.connection() as connection:
                position = max(0, await feed.last_position(connection) - 10) if after is None else after
            while True:
                async with database.connection() as connection:
                    events = await feed.read(connection, service, position, 200)
                for event in events:
                    _print_event(event, content=content)
                    position = event.position
                if not events:
                    if not follow:
                        return
                    await asyncio.sleep(TAIL_SECONDS)

    try:
        run(show())
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _print_event(event: PublishedEvent, *, content: bool) -> None:
    envelope = event.envelope
    name = envelope.type.split(".")[-2]
    out.print(
        f"[dim]#{event.position}[/] {envelope.time:%Y-%m-%d %H:%M:%S} [yellow]{name}[/] "
        f"{envelope.topic} {envelope.key} [dim]sequence {envelope.sequence}[/]"
    )
    if content:
        out.print(f"    {escape(envelope.data.decode())}")
