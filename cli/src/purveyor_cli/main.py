"""The `purveyor` command: its commands, one module each in `commands`, read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import version as version_of
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from purveyor.garbage import look_for_cycles_rarely

COMMANDS: Mapping[str, str] = {
    "up": "Run the three services with their workers, and PostgreSQL, until Ctrl-C.",
    "demo": "Start everything in a temporary folder, tell the story of two suppliers, and stop.",
    "token": "Print an access token for the local stack.",
    "migrate": "Bring databases to the newest schema, at once or in two halves.",
    "version": "Print the version.",
    "serve": "Run one API or one worker, with settings from the environment.",
    "import": "Bring what another system knows into the running platform.",
    "invoices": "What invoices in files come to, and which rules they break.",
    "rates": "What currencies were worth in each other.",
    "events": "What services tell each other, and what of it failed.",
    "jobs": "What happens because time passes, run by hand.",
    "budgets": "Whether budgets are what their entries add up to.",
    "performance": "Whether figures and scores are what the events of all services make.",
    "audit": "Whether the record of who did what is as it was sealed.",
    "bank-keys": "The keys of bank accounts: make them, rotate them.",
    "tenders": "Sealed bids, and their rankings.",
    "settings": "What a service goes by: its policies, and its settings.",
}
"""Each with what `purveyor --help` says of it: to ask the commands themselves takes seconds."""
MODULES = {"import": "imports", "bank-keys": "bank_keys"}
"""Where the module is not called as the command is."""


class Commands(TyperGroup):
    """The commands; the module of each is imported when it is run, or when its own help is wanted."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names, in the order in which help shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command by its name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name == "version":
            return command_of(version, cmd_name)
        module = import_module(f"purveyor_cli.commands.{MODULES.get(cmd_name, cmd_name)}")
        group = getattr(module, "app", None)
        if group is None:
            return command_of(getattr(module, cmd_name), cmd_name)
        whole = typer.Typer(add_completion=False, rich_markup_mode=None)
        whole.add_typer(group, name=cmd_name)
        found: Any = typer.main.get_command(whole)
        return found.commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands without reading their modules."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def command_of(function: Callable[..., None], name: str) -> Any:
    """Return a function as a command of its own."""
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name)(function)
    return typer.main.get_command(alone)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Runs a company's supplier lifecycle: sourcing, procurement and supplier performance.",
)


def version() -> None:
    """Print the version."""
    typer.echo(version_of("purveyor-cli"))


def _print_version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


@app.callback()
def purveyor(
    version: Annotated[  # it ends the command by itself
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Run a company's supplier lifecycle: sourcing, procurement and supplier performance."""
    look_for_cycles_rarely()


if __name__ == "__main__":
    app()
