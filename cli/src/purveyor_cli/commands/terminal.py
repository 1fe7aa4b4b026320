"""What every group of commands shares: the terminal, how to fail, the options that recur."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import sys
from collections.abc import Awaitable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from purveyor.errors import ProblemError
from purveyor_cli.errors import CommandError
from purveyor_cli.services import SERVICES
from purveyor_contract.roles import Role

if TYPE_CHECKING:
    from purveyor_cli.reach import Reached

PIPED_WIDTH = 120
out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(
    soft_wrap=True, highlight=False, width=None if sys.stderr.isatty() else PIPED_WIDTH, stderr=True
)

DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir", envvar="PURVEYOR_DATA_DIR", help="The local stack's data folder.", file_okay=False
    ),
]
DEFAULT_DATA_DIR = Path(".purveyor")

ServiceName = StrEnum("ServiceName", {s.name.upper().replace("-", "_"): s.name for s in SERVICES})  # type: ignore[misc]
ServiceOption = Annotated[
    ServiceName | None,
    typer.Option("--service", help="One service; without it, all of the local stack."),
]


def this_command() -> str:
    """Return how this command is called from here: by its name where the shell finds it, else by its path."""
    called = Path(sys.argv[0])
    if called.name != "purveyor" or shutil.which("purveyor"):
        return "purveyor"
    return os.path.relpath(called)


def operator() -> str:
    """Return who gives this command, for the audit trail: by the system, not by what the environment says."""
    number = os.getuid()
    try:
        return f"operator:{pwd.getpwuid(number).pw_name}"
    except KeyError:  # a container's user has no name
        return f"operator:{number}"


async def noted(one: Reached, action: str, **what: object) -> None:
    """Record in a service's audit trail that its event log is published again, before that begins."""
    async with one.context.database.transaction() as tx:
        tx.actor = operator()
        tx.audit(action, "event_log", one.service.name, after=what or None)


def fail(message: str, code: int = 1) -> NoReturn:
    """Say what went wrong and what to do about it, and end with an exit code."""
    err.print(f"[bold red]error:[/] {escape(message)}")
    raise typer.Exit(code)


def running_here(data_dir: Path, subject: str) -> tuple[Mapping[str, str], str]:
    """Return where the stack of a data folder answers, and an administrator's token for it."""
    from purveyor_cli.folder import DataFolder

    folder = DataFolder(data_dir)
    state = folder.state()
    if state is None or not state.urls or not folder.is_running():
        fail(f"No stack runs on the data folder {data_dir}: start one with `purveyor up`.")
    return state.urls, folder.issuer().token(subject, Role.ADMIN)


def token_elsewhere(scopes: str) -> str:
    """Return the token for a platform elsewhere, from the environment."""
    from purveyor.secret_files import secret_in_file

    try:
        token = secret_in_file("PURVEYOR_TOKEN") or os.environ.get("PURVEYOR_TOKEN")
    except ValueError as error:
        fail(str(error))
    if not token:
        fail(f"Set PURVEYOR_TOKEN (or PURVEYOR_TOKEN_FILE) to an access token with the scopes {scopes}.")
    return token


Result = TypeVar("Result")


def run(work: Awaitable[Result]) -> Result:
    """Wait for what a command does; what it cannot reach or is refused ends it with a sentence."""

    async def awaited() -> Result:
        return await work

    try:
        return asyncio.run(awaited())
    except (CommandError, ProblemError) as error:
        fail(str(error))
