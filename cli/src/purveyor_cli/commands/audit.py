"""`purveyor audit`: whether the record of who did what is as it was sealed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from purveyor import audit
from purveyor.migrations import roles
from purveyor_cli.commands.terminal import DEFAULT_DATA_DIR, DataDir, ServiceOption, err, fail, out
from purveyor_cli.folder import DataFolder, FolderInUseError
from purveyor_cli.reach import Reached, UnreachableError, reach

app = typer.Typer(no_args_is_help=True, help="Whether the record of who did what is as it was sealed.")


@app.callback()
def _group() -> None:
    """Keep `verify` a command of its own while it is the only one."""


@app.command()
def verify(
    service: ServiceOption = None,
    expect_head: Annotated[
        str | None,
        typer.Option(
            metavar="POSITION:HASH",
            help="An end of the chain that was noted elsewhere: nothing up to it can have been rewritten.",
        ),
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Verify the hash chain of audit records, and print its end to note elsewhere. Ends with 1 if broken."""
    if expect_head is not None and service is None:
        fail("--expect-head is the end of one service's chain: name it with --service.")
    try:
        head = audit.Head.parse(expect_head) if expect_head is not None else None
    except ValueError:
        fail(f"{expect_head!r} is not POSITION:HASH, as this command prints it.", code=2)
    try:
        whole = asyncio.run(_verify(service, head, data_dir))
    except (UnreachableError, FolderInUseError) as error:
        fail(str(error))
    if not whole:
        raise typer.Exit(1)


async def _verify(service: str | None, expected: audit.Head | None, data_dir: Path) -> bool:
    whole = True
    async with reach(DataFolder(data_dir), service) as reached:
        for one in reached:
            whole = await _verify_one(one, expected) and whole
    return whole


async def _verify_one(one: Reached, expected: audit.Head | None) -> bool:
    async with one.context.database.connection() as connection:
        findings = [finding async for finding in audit.verify(connection, expected)]
        head = await audit.read_head(connection)
        if not await roles.separated(connection):
            err.print(f"[yellow]{one.service.name}[/] {roles.NOT_SEPARATED}")
    for finding in findings:
        err.print(f"[red]{one.service.name}[/] position {finding.position} {finding.kind}: {finding.detail}")
    if findings:
        return False
    if head is None:
        out.print(f"{one.service.name}: nothing is sealed yet")
    else:
        out.print(f"{one.service.name}: {head.position} records are as they were sealed; the end is {head}")
    return True
