"""`purveyor migrate`: brings databases to the newest schema, at once or in the two halves of a release."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from purveyor.migrations.applied import SchemaError
from purveyor.migrations.run import upgrade
from purveyor.migrations.shipped import Phase
from purveyor_cli.commands.terminal import DEFAULT_DATA_DIR, DataDir, ServiceOption, fail, out
from purveyor_cli.folder import DataFolder, FolderInUseError
from purveyor_cli.reach import UnreachableError, reach

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
    try:
        asyncio.run(_migrate(service, phase, data_dir))
    except (UnreachableError, FolderInUseError, SchemaError) as error:
        fail(str(error))


async def _migrate(service: str | None, phase: Phase, data_dir: Path) -> None:
    async with reach(DataFolder(data_dir), service) as reached:
        for one in reached:
            left = await upgrade(one.context.settings.migration_url, one.service.migrations, phase)
            if left:
                out.print(f"{one.service.name}: ready for the new code; {left} to run with --phase after")
            else:
                out.print(f"{one.service.name}: at the newest schema")
