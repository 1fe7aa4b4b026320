"""`purveyor import`: brings what another system knows into the running platform."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from purveyor.settings import secret_in_file
from purveyor_cli.commands.terminal import DEFAULT_DATA_DIR, DataDir, err, fail, out
from purveyor_cli.folder import DataFolder
from purveyor_cli.services import SERVICES
from purveyor_contract.roles import Role
from purveyor_history.client import Importer, Sent, StillCountingError
from purveyor_history.documents import History, Remark
from purveyor_history.mapping import MappingError, load_mapping
from purveyor_history.platform import Platform, RefusedError
from purveyor_history.reading import read_history
from purveyor_history.report import Report, report_on

REMARKS_SHOWN = 20
ROWS_WERE_REFUSED = 3
"""Exit code: everything else is imported, and the report says what is not and why."""

app = typer.Typer(no_args_is_help=True, help="Bring what another system knows into the running platform.")


@app.callback()
def _group() -> None:
    """Keep `history` a command of its own while it is the only one."""


@app.command()
def history(
    file: Annotated[Path, typer.Argument(help="CSV: orders and their receipts, a row a line or delivery.")],
    mapping: Annotated[Path, typer.Option(help="TOML: which column is what; see examples/mappings.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and check everything, send nothing.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Write refused rows and warnings here: line, column, reason (CSV).")
    ] = None,
    url: Annotated[
        list[str] | None,
        typer.Option(
            help="A platform elsewhere: service=https://…, one for each service; with PURVEYOR_TOKEN."
        ),
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Import a history of orders and receipts. Running it again changes nothing.

    Ends with 0 when every row was taken, with 3 when rows were refused, with 1 when it could not be done.
    """
    try:
        by = load_mapping(mapping)
        read = read_history(file, by, today=datetime.now(UTC).date())
        sent = None if dry_run else asyncio.run(_send(read, url, data_dir, approve=by.supplier.approved))
    except (MappingError, RefusedError, StillCountingError, OSError) as error:
        fail(str(error))
    result = report_on(read, sent, by)
    if report is not None:
        result.write(report)
    _show(result, read, dry_run=dry_run, written=report)
    if result.refused:
        raise typer.Exit(ROWS_WERE_REFUSED)


async def _send(read: History, url: list[str] | None, data_dir: Path, *, approve: bool) -> Sent:
    urls, token = _elsewhere(url) if url else _running_here(data_dir)
    platform = Platform(urls)
    try:
        with ProgressBar() as show:
            return await Importer(platform, token, show).send(read, approve=approve)
    except httpx.TransportError as error:
        fail(f"The platform does not answer ({error}). What it has taken, it has: run the import again.")
    finally:
        await platform.close()


def _running_here(data_dir: Path) -> tuple[Mapping[str, str], str]:
    folder = DataFolder(data_dir)
    state = folder.state()
    if state is None or not state.urls or not folder.is_running():
        fail(f"No stack runs on the data folder {data_dir}: start one with `purveyor up`.")
    return state.urls, folder.issuer().token("importer", Role.ADMIN)


def _elsewhere(url: list[str]) -> tuple[Mapping[str, str], str]:
    urls = dict(pair.partition("=")[::2] for pair in url)
    missing = [service.name for service in SERVICES if not urls.get(service.name)]
    if missing:
        fail(f"--url is missing for {', '.join(missing)}: --url {missing[0]}=https://…")
    try:
        token = secret_in_file("PURVEYOR_TOKEN") or os.environ.get("PURVEYOR_TOKEN")
    except ValueError as error:
        fail(str(error))
    if not token:
        fail(
            "Set PURVEYOR_TOKEN (or PURVEYOR_TOKEN_FILE) to an access token with the scopes sourcing:import "
            "and procurement:import."
        )
    return urls, token


class ProgressBar:
    """Shows how far an import is; a line a step where the output is no terminal."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description:45}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=err,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> ProgressBar:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show that so much of something is done."""
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what)
        self._bars.update(self._tasks[what], completed=done, total=total)


def _show(result: Report, read: History, *, dry_run: bool, written: Path | None) -> None:
    taken = "would be imported" if dry_run else "imported"
    outcome = f"{result.imported} {taken}, {result.unchanged} unchanged, {result.refused} refused"
    out.print(f"{result.rows} rows: {outcome}")
    lines = sum(len(order.lines) for order in read.orders.values())
    out.print(
        f"  read: {len(read.suppliers)} suppliers, {len(read.orders)} orders with {lines} lines, "
        f"{len(read.receipts)} receipts, {len(read.sites)} sites"
    )
    for kind, counts in (
        ("suppliers", result.suppliers),
        ("orders", result.orders),
        ("receipts", result.receipts),
    ):
        if counts:
            out.print(
                f"  {kind}: {', '.join(f'{count} {status}' for status, count in sorted(counts.items()))}"
            )
    for currency, amount in sorted(result.received_value.items()):
        out.print(f"  received value: {amount:,} {currency}")
    _list("Refused", result.refusals, written)
    _list("Warnings", result.warnings, written)


def _list(title: str, remarks: list[Remark], written: Path | None) -> None:
    if not remarks:
        return
    table = Table(
        "line", "column", "reason", title=f"{title}: {len(remarks)}", title_justify="left", box=None
    )
    for remark in remarks[:REMARKS_SHOWN]:
        table.add_row(str(remark.line), escape(remark.column), escape(remark.reason))
    out.print(table)
    if len(remarks) > REMARKS_SHOWN:
        where = f"in {written}" if written is not None else "with --report FILE"
        out.print(f"  … and {len(remarks) - REMARKS_SHOWN} more, all of them {where}")
