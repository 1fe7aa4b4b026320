"""`purveyor events recover` and `reconcile`: services whose databases disagree about what was told."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from purveyor_cli.commands.terminal import (
    DEFAULT_DATA_DIR,
    DataDir,
    ServiceName,
    fail,
    noted,
    operator,
    out,
    run,
)

if TYPE_CHECKING:
    from purveyor_cli.reach import Reached
    from purveyor_messaging.consumer import Consumer
    from purveyor_messaging.envelope import Envelope
    from purveyor_messaging.epochs import Recovered
    from purveyor_messaging.reconcile import Difference
    from purveyor_messaging.transport import Transport

SETTLED_AFTER = timedelta(seconds=60)
"""An event that is younger may be on its way."""
SHOWN = 20
MENDED_AT_ONCE = 500


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
    found, recovered = run(_recover(data_dir, service, reason, since))
    if not found and recovered is None:
        out.print(f"{service}: the topics know nothing that its database does not know.")
    elif recovered is None:
        fail(f"{found} events of {service} are lost. Give a --reason to go on without them.")
    else:
        out.print(
            f"{service}: {found} events are lost and kept in lost_event; epoch {recovered.epoch} "
            f"began; {recovered.streams} streams are told again."
        )


async def _recover(
    data_dir: Path, service: str, reason: str | None, since: datetime | None
) -> tuple[int, Recovered | None]:
    """Name what was lost as it is found, and go on without it when there is a reason to."""
    from purveyor_cli.carriers import publishing
    from purveyor_cli.folder import DataFolder
    from purveyor_messaging import epochs
    from purveyor_messaging.spool import Spool

    async with publishing(DataFolder(data_dir), service) as (one, transport):
        code = one.service.code()
        topics = {event.topic for event in code.publishes}
        moment = since.replace(tzinfo=UTC) if since else None
        pages = epochs.lost(one.context.database, service, transport, topics, moment)
        with Spool() as found:
            async for page in pages:
                found.add(page)
                for event in page:
                    out.print(_named(event))
            if reason is None:
                return found.count, None
            return found.count, await epochs.recover(
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
        left = run(_reconcile(data_dir, mend=mend))
        if every_hours is None:
            break
        for line in left:
            out.print(escape(line))
        time.sleep(every_hours * 3600)
    if left:
        fail("\n".join(left))


async def _reconcile(data_dir: Path, *, mend: bool) -> list[str]:
    from purveyor_cli.carriers import carrier_of
    from purveyor_cli.folder import DataFolder
    from purveyor_cli.reach import reach

    folder = DataFolder(data_dir)
    left: list[str] = []
    state = folder.state()
    kafka = state.kafka if state is not None else None
    async with reach(folder, None) as reached:
        if mend:
            for one in reached:
                await noted(one, "reconcile")
        by_topic = {event.topic: one for one in reached for event in one.service.code().publishes}
        for subscriber in reached:
            for consumer in subscriber.service.code().consumers:
                producer = by_topic[consumer.topic]
                transport = carrier_of(reached, producer, kafka) if mend else None
                try:
                    left += await _compare(producer, subscriber, consumer, transport)
                finally:
                    if transport is not None:
                        await transport.close()
    return left


async def _compare(
    producer: Reached, subscriber: Reached, consumer: Consumer, mender: Transport | None
) -> list[str]:
    """Compare a consumer's streams, mend what is behind as it is found, and return what is left."""
    from purveyor_messaging import reconcile as comparing
    from purveyor_messaging.reconcile import Comparison, Kind

    seen, counts = Comparison(), Counter[Kind]()
    shown: list[str] = []
    behind: list[Difference] = []
    published = 0

    async def publish() -> int:
        if mender is None or not behind:
            return 0
        source = producer.service.name
        events = await comparing.replay_missing(producer.context.database, source, mender, consumer, behind)
        behind.clear()
        return events

    async with (
        producer.context.database.connection() as log,
        subscriber.context.database.connection() as inbox,
    ):
        now: datetime = await log.fetchval("SELECT clock_timestamp()")
        async for each in comparing.differences(log, inbox, consumer, now - SETTLED_AFTER, seen):
            if mender is not None and each.kind is Kind.BEHIND:
                behind.append(each)
                if len(behind) >= MENDED_AT_ONCE:
                    published += await publish()
                continue
            counts[each.kind] += 1
            if len(shown) < SHOWN:
                shown.append(
                    f"{consumer.name} {each.key}: {each.kind}, applied {each.applied}, "
                    f"recorded {each.recorded}"
                )
        published += await publish()
        await comparing.note(inbox, consumer, now, seen)
    out.print(
        f"{consumer.name}: {seen.streams} streams of {producer.service.name}"
        + (f", {seen.behind} behind: {published} events published again" if published else "")
        + ("" if seen.behind or counts else ", all where they should be")
    )
    if counts:
        total = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        shown.append(f"{consumer.name}: {total}")
    return shown


def _named(event: Envelope) -> str:
    name = escape(event.type.removeprefix("purveyor."))
    return (
        f"[dim]{event.time:%Y-%m-%d %H:%M:%S}[/] [yellow]{name}[/] {event.topic} {event.key} {event.sequence}"
    )
