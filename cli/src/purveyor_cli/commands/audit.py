"""`purveyor audit`: whether the record of who did what is as it was sealed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from purveyor_cli.commands.terminal import (
    DEFAULT_DATA_DIR,
    DataDir,
    ServiceName,
    ServiceOption,
    err,
    fail,
    operator,
    out,
    run,
)
from purveyor_cli.errors import UnreachableError

if TYPE_CHECKING:
    from purveyor.anchors import Anchor
    from purveyor.audit.chain import Finding, Head
    from purveyor.db import Connection
    from purveyor_cli.reach import Reached

app = typer.Typer(no_args_is_help=True, help="Whether the record of who did what is as it was sealed.")


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
    from purveyor.audit.chain import Head

    if expect_head is not None and service is None:
        fail("--expect-head is the end of one service's chain: name it with --service.")
    try:
        head = Head.parse(expect_head) if expect_head is not None else None
    except ValueError:
        fail(f"{expect_head!r} is not POSITION:HASH, as this command prints it.", code=2)
    try:
        whole = run(_verify(service, head, data_dir))
    except ValueError as error:
        fail(str(error))
    if not whole:
        raise typer.Exit(1)


async def _verify(service: str | None, expected: Head | None, data_dir: Path) -> bool:
    from purveyor_cli.folder import DataFolder
    from purveyor_cli.reach import reach

    whole = True
    async with reach(DataFolder(data_dir), service) as reached:
        for one in reached:
            whole = await _verify_one(one, expected) and whole
    return whole


async def _verify_one(one: Reached, expected: Head | None) -> bool:
    from purveyor.audit.chain import read_head, read_waiting
    from purveyor.audit.verifying import verify as verify_trail
    from purveyor.migrations import roles

    keys = one.context.database.record_keys
    if not keys:
        err.print(
            f"[yellow]{one.service.name}[/] no PURVEYOR_AUDIT_RECORD_KEYS: signatures are not looked at anew"
        )
    async with one.context.database.connection() as connection:
        findings = [finding async for finding in verify_trail(connection, expected, keys)]
        findings += await _compared(connection, one)
        head, waiting = await read_head(connection), await read_waiting(connection)
        if not await roles.separated(connection):
            err.print(f"[yellow]{one.service.name}[/] {roles.NOT_SEPARATED}")
    if waiting.records:
        err.print(f"[yellow]{one.service.name}[/] {waiting}")
    for finding in findings:
        colour = "yellow" if finding.is_harmless else "red"
        place = f"position {finding.position} {finding.kind}: {finding.detail}"
        err.print(f"[{colour}]{one.service.name}[/] {place}")
    if not all(finding.is_harmless for finding in findings):
        return False
    if head is None:
        out.print(f"{one.service.name}: nothing is sealed yet")
    else:
        out.print(f"{one.service.name}: {head.position} records are as they were sealed; the end is {head}")
    return True


async def _compared(connection: Connection, one: Reached) -> list[Finding]:
    """Hold a trail against its anchors, or say that there are none, or that nobody pinned their keys."""
    from purveyor.anchoring import compare
    from purveyor.signing import SigningKey, public_keys
    from purveyor_messaging.anchor_places import places_of

    settings, name = one.context.settings, one.service.name
    places = places_of(settings, name)
    if not places:
        err.print(
            f"[yellow]{name}[/] the trail is not anchored: its owner can rewrite it (docs/operate/audit.md)"
        )
        return []
    if settings.audit_public_keys_file is not None:
        keys = public_keys(settings.audit_public_keys_file)
    elif settings.audit_signing_key_file is not None:
        key = SigningKey.read(settings.audit_signing_key_file)
        keys = {key.id: key.private.public_key()}
    else:
        raise UnreachableError(
            "PURVEYOR_AUDIT_PUBLIC_KEYS_FILE is missing: it says whose anchors are believed"
        )
    now = one.context.database.clock()
    findings = [finding async for finding in compare(connection, name, places, keys, now)]
    if all(finding.is_harmless for finding in findings):
        out.print(f"{name}: the trail is as it was anchored at {', '.join(place.name for place in places)}")
    return findings


@app.command("key")
def make_key(
    file: Annotated[Path, typer.Argument(help="Where the new key goes; it must not exist yet.")],
) -> None:
    """Make a key that signs anchors, and print its public half to pin where the trail is verified."""
    from purveyor.signing import SigningKey

    try:
        key = SigningKey.make(file)
    except OSError as error:
        fail(f"{file}: {error.strerror}.")
    out.print(key.public_pem, end="")


@app.command()
def begin_again(
    service: Annotated[ServiceName, typer.Option("--service", help="Which service.")],
    reason: Annotated[str, typer.Option(help="Why the trail ends earlier than what was anchored.")],
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Anchor the end of a trail that was restored: it is known that what was told beyond it is lost."""
    from purveyor_cli.folder import DataFolder
    from purveyor_cli.reach import reach
    from purveyor_messaging.worker import anchoring_of

    async def begin() -> Anchor:
        async with reach(DataFolder(data_dir), service) as (one,):
            anchoring = anchoring_of(one.context)
            if anchoring is None:
                raise UnreachableError(f"{service} is not anchored: its settings name no places.")
            async with one.context.sealing.transaction() as tx:
                tx.actor = operator()
                return await anchoring.begin_again(tx, reason)

    try:
        anchor = run(begin())
    except ValueError as error:
        fail(str(error))
    out.print(f"{service}: anchor {anchor.number} goes on from position {anchor.position}")


@app.command()
def erase(
    service: Annotated[ServiceName, typer.Option("--service", help="Which service.")],
    entity: Annotated[str, typer.Option(help="What kind of thing, as the trail calls it: supplier.")],
    entity_id: Annotated[str, typer.Option("--id", help="Its id.")],
    reason: Annotated[str, typer.Option(help="Why, such as who asked for it.")],
    matching: Annotated[
        str | None, typer.Option(help="Only what holds this: part of a name, an e-mail address, a number.")
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Erase personal data from what was audited of a thing; the chain stays whole, and says that it was."""
    from purveyor import erasing
    from purveyor_cli.folder import DataFolder
    from purveyor_cli.reach import reach

    async def erased() -> int:
        async with reach(DataFolder(data_dir), service) as (one,), one.context.sealing.transaction() as tx:
            tx.actor = operator()
            return await erasing.erase(tx, entity, entity_id, matching, reason=reason)

    out.print(f"{service}: {run(erased())} personal values of {entity} {entity_id} are erased from the trail")
