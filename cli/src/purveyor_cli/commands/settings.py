"""`purveyor settings`: what a service goes by, its policies on a day and the settings of its process."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from purveyor_cli.commands.terminal import DEFAULT_DATA_DIR, DataDir, ServiceName, out, run

if TYPE_CHECKING:
    from purveyor.policies import History, Version
    from purveyor.settings import Settings

app = typer.Typer(no_args_is_help=True, help="What a service goes by: its policies, and its settings.")


@app.callback()
def _group() -> None:
    """Keep `show` a command of a group, alone as it is."""


@app.command()
def show(
    service: Annotated[ServiceName, typer.Argument(help="Whose.")],
    at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="On which day; by default today (UTC).")
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Show the policies in force on a day, with who decided them, and the settings of the process."""
    on = (at or datetime.now(UTC)).date()
    settings, histories = run(_read(service, data_dir))
    for history in histories:
        for version in history.all_in_force(on):
            out.print(f"{history.policy.name} {_described(version)}", markup=False)
            out.print(f"  {version.value.model_dump_json()}", markup=False)
    for name, value in settings:
        out.print(f"PURVEYOR_{name.upper()}={'' if value is None else value}", markup=False)


async def _read(service: str, data_dir: Path) -> tuple[Settings, list[History[Any]]]:
    from purveyor import policies
    from purveyor_cli.folder import DataFolder
    from purveyor_cli.reach import reach

    async with reach(DataFolder(data_dir), service) as [one]:
        async with one.context.database.transaction() as tx:
            histories = [await policies.read(tx, policy) for policy in one.service.policies()]
        return one.context.settings, histories


def _described(version: Version[Any]) -> str:
    if not version.number:
        return "everywhere: version 0, the default"
    places = {name: getattr(version.place, name) for name in version.place.by}
    where = (
        ", ".join(f"{name.removesuffix('_id').replace('_', ' ')} {value}" for name, value in places.items())
        or "everywhere"
    )
    approved = "" if version.approved_by is None else f", approved by {version.approved_by}"
    return f"{where}: version {version.number} from {version.valid_from} by {version.recorded_by}{approved}"
