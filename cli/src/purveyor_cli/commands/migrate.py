"""`purveyor migrate`: brings databases to the newest schema, at once or in the two halves of a release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from purveyor.migrations.phase import Phase
from purveyor_cli.commands.terminal import DEFAULT_DATA_DIR, DataDir, ServiceOption, fail, out, run

PhaseOption = Annotated[
    Phase,
    typer.Option(
        "--phase", help="Only what comes before the new code, or only what comes after the old has gone."
    ),
]


def migrate(
    service: ServiceOption = None, phase: PhaseOption = Phase.ALL, data_dir: DataDir = DEFAULT_DATA_DIR
) -> None:
    """Bring databases to the newest schema; any number may run at once. `purveyor up` does it too."""
    run(_migrate(service, phase, data_dir))


async def _migrate(service: str | None, phase: Phase, data_dir: Path) -> None:
    from purveyor.migrations.applied import SchemaError
    from purveyor.migrations.run import upgrade
    from purveyor_cli.folder import DataFolder
    from purveyor_cli.reach import reach

    async with reach(DataFolder(data_dir), service) as reached:
        for one in reached:
            try:
                left = await upgrade(one.context.settings.migration_url, one.service.migrations, phase)
            except SchemaError as error:
                fail(str(error))
            if left:
                out.print(f"{one.service.name}: ready for the new code; {left} to run with --phase after")
            else:
                out.print(f"{one.service.name}: at the newest schema")
