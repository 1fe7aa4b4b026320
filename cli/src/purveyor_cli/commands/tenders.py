"""`purveyor tenders`: an opener's own key and share, on their own machine; whether a ranking is right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from purveyor_cli.commands.terminal import DEFAULT_DATA_DIR, DataDir, fail, out, run

if TYPE_CHECKING:
    from sourcing.evaluations.model import Evaluation

SOURCING = "sourcing"

app = typer.Typer(no_args_is_help=True, help="Sealed bids, and their rankings.")
KeyFile = Annotated[Path, typer.Argument(help="The file of your private key, which nobody else reads.")]


@app.command()
def make_key(file: KeyFile) -> None:
    """Make an opener's key, and print the public half, which is stated with :declare-conflict."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from sourcing.openings.store.keys import written

    key = X25519PrivateKey.generate()
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(written(key.private_bytes_raw()) + "\n")
    except OSError as error:
        fail(f"{file}: {error.strerror}.")
    out.print(written(key.public_key().public_bytes_raw()), soft_wrap=True)


@app.command()
def open_share(
    file: KeyFile,
    sealed: Annotated[str, typer.Argument(help="As GET /v1/tenders/{id}/opening-share answers it.")],
    tender: Annotated[UUID, typer.Option(help="The id of the tender.")],
    person: Annotated[str, typer.Option(help="Who you are: the subject of your token.")],
) -> None:
    """Open your share of a tender's key, and print it, which POST /v1/tenders/{id}:open takes."""
    from sourcing.openings.store.keys import open_share as opened
    from sourcing.openings.store.keys import unwritten, written

    try:
        private = unwritten(file.read_text().strip())
    except OSError as error:
        fail(f"{file}: {error.strerror}.")
    content = unwritten(sealed)
    if private is None or content is None:
        fail("Neither a key nor a share is written so: both are base64url.")
    try:
        share = opened(private, tender, person, content)
    except ValueError as error:
        fail(f"{error}: is it this tender, and are you {person}?")
    out.print(written(share), soft_wrap=True)


@app.command()
def verify(
    tender: Annotated[UUID, typer.Argument(help="The id of the tender.")],
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Reckon the rankings of every round again, byte by byte. Ends with 1 if one differs."""
    from purveyor.errors import NotFoundError
    from purveyor_cli.folder import DataFolder
    from purveyor_cli.reach import reach
    from sourcing.evaluations.queries import differences

    async def look() -> tuple[list[Evaluation], list[str]]:
        async with (
            reach(DataFolder(data_dir), SOURCING) as (one,),
            one.context.database.transaction() as tx,
        ):
            return await differences(tx, tender)

    try:
        rounds, differing = run(look())
    except NotFoundError as error:
        fail(error.detail)
    if differing:
        fail("\n".join(differing))
    for one in rounds:
        out.print(f"round {one.round} follows from its inputs: {one.digest}", soft_wrap=True)
    if not rounds:
        out.print("no round is evaluated yet")
