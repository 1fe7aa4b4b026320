"""`purveyor events recover` and `reconcile`: services whose databases disagree about what was told."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.markup import escape

from purveyor_cli.carriers import carrier_of, publishing
from purveyor_cli.commands.terminal import (
    DEFAULT_DATA_DIR,
    DataDir,
    ServiceName,
    fail,
    operator,
    out,
    run,
)
from purveyor_cli.folder import DataFolder
from purveyor_cli.reach import Reached, reach
from purveyor_messaging import epochs
from purveyor_messaging import reconcile as comparing
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.reconcile import Comparison, Difference, Kind

SETTLED_AFTER = timedelta(seconds=60)
"""An event that is younger may be on its way."""
SHOWN = 20


def recover(
    service: Annotated[ServiceName, typer.Option("--service", help="Whose database was restored.")],
    reason: Annotated[
        str | None,
        typer.Option(help="Begin a new epoch, for this reason; without it, what was lost is only shown."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(help="Look at events published from then on (UTC), not from the last one known."),
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Show the events that were told and that a restored database lost, and go on without them.

    Run it before the service's API is started again. With --reason a new epoch begins: what was lost is kept
    by name and content, and every stream that it touched is told again as it is now. Ends with 1 when events
    are lost and no reason is given.
    """
    found, recovered = run(_recover(DataFolder(data_dir), service, reason, since))
    for event in found:
        out.print(_named(event))
    if not found and recovered is None:
        out.print(f"{service}: the topics know nothing that its database does not know.")
    elif recovered is None:
        fail(f"{len(found)} events of {service} are lost. Give a --reason to go on without them.")
    else:
        out.print(
            f"{service}: {len(found)} events are lost and kept in lost_event; epoch {recovered.epoch} "
            f"began; {recovered.streams} streams are told again."
        )


async def _recover(
    folder: DataFolder, service: str, reason: str | None, since: datetime | None
) -> tuple[list[Envelope], epochs.Recovered | None]:
    async with publishing(folder, service) as (one, transport):
        code = one.service.code()
        topics = {event.topic for event in code.publishes}
        moment = since.replace(tzinfo=UTC) if since else None
        pages = epochs.lost(one.context.database, service, transport, topics, moment)
        found = [event async for page in pages for event in page]
        if reason is None:
            return found, None
        return found, await epochs.recover(
            one.context.database, found, code.retells, by=operator(), reason=reason
        )


def reconcile(
    mend: Annotated[bool, typer.Option("--mend", help="Publish again what subscribers lack.")] = False,
    every_hours: Annotated[
        int | None, typer.Option(min=1, help="Go on and do it again after so many hours, until stopped.")
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Compare every stream's end at its producer with every subscriber's place. Ends with 1 if any differs.

    It needs the databases of all services: those of a data folder, or PURVEYOR_SOURCING_DATABASE_URL and its
    like. A stream that is ahead or forked is told again by `purveyor events recover` of its producer.
    """
    while True:
        left = run(_reconcile(DataFolder(data_dir), mend=mend))
        if every_hours is None:
            break
        for line in left:
            out.print(escape(line))
        time.sleep(every_hours * 3600)
    if left:
        fail("\n".join(left))


async def _reconcile(folder: DataFolder, *, mend: bool) -> list[str]:
    left: list[str] = []
    state = folder.state()
    kafka = state.kafka if state is not None else None
    async with reach(folder, None) as reached:
        by_topic = {event.topic: one for one in reached for event in one.service.code().publishes}
        for subscriber in reached:
            for consumer in subscriber.service.code().consumers:
                producer = by_topic[consumer.topic]
                seen, found = await _compare(producer, subscriber, consumer)
                behind = [each for each in found if each.kind is Kind.BEHIND]
                shown = f"{consumer.name}: {seen.streams} streams of {producer.service.name}"
                if not found:
                    out.print(f"{shown}, all where they should be")
                    continue
                if mend and behind:
                    transport = carrier_of(reached, producer, kafka)
                    try:
                        events = await comparing.replay_missing(
                            producer.context.database, producer.service.name, transport, consumer, behind
                        )
                    finally:
                        await transport.close()
                    out.print(f"{shown}, {len(behind)} behind: {events} events published again")
                    found = [each for each in found if each.kind is not Kind.BEHIND]
                left += _told(consumer, found)
    return left


async def _compare(
    producer: Reached, subscriber: Reached, consumer: Consumer
) -> tuple[Comparison, list[Difference]]:
    seen = Comparison()
    now = datetime.now(UTC)
    async with (
        producer.context.database.connection() as log,
        subscriber.context.database.connection() as inbox,
    ):
        found = [
            each async for each in comparing.differences(log, inbox, consumer, now - SETTLED_AFTER, seen)
        ]
        await comparing.note(inbox, consumer, now, seen)
    return seen, found


def _told(consumer: Consumer, found: Sequence[Difference]) -> list[str]:
    lines = [
        f"{consumer.name} {each.key}: {each.kind}, applied {each.applied}, recorded {each.recorded}"
        for each in found[:SHOWN]
    ]
    counts = Counter(each.kind for each in found)
    if found:
        lines.append(f"{consumer.name}: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
    return lines


def _named(event: Envelope) -> str:
    name = escape(event.type.removeprefix("purveyor."))
    return (
        f"[dim]{event.time:%Y-%m-%d %H:%M:%S}[/] [yellow]{name}[/] {event.topic} {event.key} {event.sequence}"
    )
