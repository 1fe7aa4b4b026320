"""The `purveyor` command: its groups, one module each in `commands`."""

from __future__ import annotations

from importlib.metadata import version as version_of

import typer

from purveyor_cli.commands import audit, demo, events, imports, jobs, migrate, serve, settings, token, up

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Runs a company's supplier lifecycle: sourcing, procurement and supplier performance.",
)
app.command()(up.up)
app.command()(demo.demo)
app.command()(token.token)
app.command()(migrate.migrate)
app.add_typer(serve.app, name="serve")
app.add_typer(imports.app, name="import")
app.add_typer(events.app, name="events")
app.add_typer(jobs.app, name="jobs")
app.add_typer(audit.app, name="audit")
app.add_typer(settings.app, name="settings")


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(version_of("purveyor-cli"))


if __name__ == "__main__":
    app()
