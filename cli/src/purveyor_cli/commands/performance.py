"""`purveyor performance`: whether what is kept of suppliers is what the events of all services make."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

import typer

from purveyor_cli.commands.terminal import DEFAULT_DATA_DIR, DataDir, fail, out, run

if TYPE_CHECKING:
    from purveyor_cli.reach import Reached
    from purveyor_messaging.envelope import Envelope
    from supplier_performance.recomputing.commands import Verified

PERFORMANCE = "supplier-performance"
TELLING = ("procurement", "sourcing")
"""Whom performance listens to. Sourcing comes last: until the end nobody else says then who a supplier is."""

app = typer.Typer(no_args_is_help=True, help="Whether figures and scores are what events make.")


@app.callback()
def performance() -> None:
    """Make `verify` a command of a group, which stays one when others come."""


@app.command()
def verify(data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Reckon all facts and scores once more from the event logs, and compare. Ends with 1 if any differs."""
    from purveyor_cli.folder import DataFolder
    from purveyor_cli.reach import reach

    async def look() -> Verified:
        async with reach(DataFolder(data_dir), None) as reached:
            return await _verified({one.service.name: one for one in reached})

    found = run(look())
    if found.waiting:
        out.print(f"{found.waiting} events have not been taken in yet, or are parked")
    if found.due:
        out.print(f"{found.due} suppliers are about to be judged anew")
    if found.differing:
        fail("\n".join(found.differing))
    out.print(
        f"{found.applied} events make what is kept, to the last digit, and {found.scorecards} scorecards"
    )


async def _verified(reached: dict[str, Reached]) -> Verified:
    from supplier_performance.recomputing.commands import verify as verify_all

    one = reached[PERFORMANCE]
    async with one.context.database.transaction() as tx:
        logs = [_log(reached[name]) for name in TELLING]
        return await verify_all(tx, one.service.code().consumers, logs)


async def _log(one: Reached) -> AsyncIterator[Sequence[Envelope]]:
    from purveyor_messaging import feed

    async for page in feed.pages(one.context.database, one.service.name):
        yield [event.envelope for event in page]
