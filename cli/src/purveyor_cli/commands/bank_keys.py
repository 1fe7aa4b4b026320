"""`purveyor bank-keys`: the keys of bank accounts, made for a deployment, and rotated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from purveyor_cli.commands.terminal import fail, out

app = typer.Typer(no_args_is_help=True, help="The keys of bank accounts: make them, rotate them.")
Folder = Annotated[Path, typer.Argument(help="The folder of the keys; no service needs to reach it.")]


@app.command()
def make(folder: Folder) -> None:
    """Make the keys of a deployment, and say which setting takes which file."""
    from purveyor_cli import bank_keys

    if (folder / bank_keys.PUBLIC).exists():
        fail(f"{folder} has keys already: rotate them.")
    _rotate(folder)


@app.command()
def rotate(folder: Folder) -> None:
    """Put new keys before the older ones, for numbers and for procurement (docs/operate/bank-accounts.md)."""
    from purveyor_cli import bank_keys

    if not (folder / bank_keys.PUBLIC).exists():
        fail(f"{folder} has no keys yet: make them.")
    _rotate(folder)


def _rotate(folder: Path) -> None:
    from purveyor_cli import bank_keys

    try:
        bank_keys.rotate(folder)
    except OSError as error:
        fail(f"{folder}: {error.strerror}.")
    for service, setting, file in (
        ("sourcing", "KEYS", bank_keys.NUMBERS),
        ("sourcing", "DIGEST_KEY", bank_keys.DIGEST),
        ("sourcing", "RECIPIENT_KEYS", bank_keys.PUBLIC),
        ("procurement", "PRIVATE_KEYS", bank_keys.PRIVATE),
    ):
        out.print(f"{service}: PURVEYOR_BANK_ACCOUNT_{setting}_FILE={folder / file}", soft_wrap=True)
