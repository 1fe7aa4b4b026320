"""`purveyor budgets`: whether what budgets say is left is what their entries add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from purveyor_cli.commands.terminal import DEFAULT_DATA_DIR, DataDir, fail, out, run

if TYPE_CHECKING:
    from procurement.budgets.store.verifying import Difference

PROCUREMENT = "procurement"

app = typer.Typer(no_args_is_help=True, help="Whether budgets are what their entries add up to.")


@app.callback()
def budgets() -> None:
    """Make `verify` a command of a group, which stays one when others come."""


@app.command()
def verify(data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Add up the entries of every budget and compare them with its balance. Ends with 1 if one differs."""
    from procurement.budgets.store import verifying
    from purveyor_cli.folder import DataFolder
    from purveyor_cli.reach import reach

    async def look() -> tuple[int, list[Difference]]:
        async with (
            reach(DataFolder(data_dir), PROCUREMENT) as (one,),
            one.context.database.transaction() as tx,
        ):
            return await verifying.verify(tx)

    entries, differing = run(look())
    if differing:
        fail("\n".join(map(str, differing)))
    out.print(f"{entries} entries, and every budget's balance is what they add up to")
