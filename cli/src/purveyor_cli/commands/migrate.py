"""`purveyor migrate`: brings databases to the newest schema."""

from __future__ import annotations

import asyncio
from pathlib import Path

from purveyor.migrations.run import upgrade
from purveyor_cli.commands.terminal import DEFAULT_DATA_DIR, DataDir, ServiceOption, fail, out
from purveyor_cli.folder import DataFolder, FolderInUseError
from purveyor_cli.reach import UnreachableError, reach


def migrate(service: ServiceOption = None, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Bring databases to the newest schema; any number may run at once. `purveyor up` does it too."""
    try:
        asyncio.run(_migrate(service, data_dir))
    except (UnreachableError, FolderInUseError) as error:
        fail(str(error))


async def _migrate(service: str | None, data_dir: Path) -> None:
    async with reach(DataFolder(data_dir), service) as reached:
        for one in reached:
            url = one.context.settings.database_url.get_secret_value()
            await upgrade(url, one.service.migrations)
            out.print(f"{one.service.name}: at the newest schema")
