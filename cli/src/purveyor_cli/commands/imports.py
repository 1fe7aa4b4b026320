"""`purveyor import`: brings what another system knows into the running platform."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from collections.abc import Mapping as MappingABC
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from purveyor_cli.commands.terminal import (
    DEFAULT_DATA_DIR,
    DataDir,
    err,
    fail,
    out,
    running_here,
    token_elsewhere,
)
from purveyor_cli.services import SERVICES

if TYPE_CHECKING:
    from purveyor_history.client import Importer
    from purveyor_history.documents import Remark
    from purveyor_history.mapping import Mapping
    from purveyor_history.parts import Parts, Whole
    from purveyor_history.platform import Platform
    from purveyor_history.proposals import Proposal
    from purveyor_history.report import Report

REMARKS_SHOWN = 20
ROWS_WERE_REFUSED = 3
"""Exit code: everything else is imported, and the report says what is not and why."""

PROPOSER, CONTROLLER = "importer", "controller"
Urls = MappingABC[str, str]

app = typer.Typer(no_args_is_help=True, help="Bring what another system knows into the running platform.")


FileArgument = Annotated[
    Path, typer.Argument(help="CSV: orders and their receipts, a row a line or delivery.")
]
MappingOption = Annotated[Path, typer.Option(help="TOML: which column is what; see examples/mappings.")]
ReportOption = Annotated[
    Path | None, typer.Option(help="Write refused rows and warnings here: line, column, reason (CSV).")
]
UrlOption = Annotated[
    list[str] | None,
    typer.Option(help="A platform elsewhere: service=https://…, one for each service; with PURVEYOR_TOKEN."),
]


@app.command()
def propose(
    file: FileArgument,
    mapping: MappingOption,
    report: ReportOption = None,
    url: UrlOption = None,
    by: Annotated[str, typer.Option("--as", help="Who proposes, on a stack of this machine.")] = PROPOSER,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Propose a history: every service looks at its rows, and says what they add up to.

    Nothing is imported before somebody else has let it in (`purveyor import approve`).
    """
    from purveyor_history import bringing

    with _answering(), _read(file, mapping) as (by_mapping, parts), ProgressBar() as show:
        asked = _Asked(url, data_dir, by)
        result, proposals = asyncio.run(
            asked.importing(
                show, lambda importer: bringing.propose(importer, parts, by_mapping, file.name, show)
            )
        )
    _told(result, parts.whole, report, "proposed")
    for proposal in proposals:
        _show_proposal(proposal)
    ids = " ".join(proposal.id for proposal in proposals)
    out.print(f"Somebody else lets it in: purveyor import approve {ids}", soft_wrap=True)
    _end(result)


@app.command()
def approve(
    proposals: Annotated[list[str], typer.Argument(help="The ids that `purveyor import propose` has said.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; the figures were looked at.")] = False,
    url: UrlOption = None,
    by: Annotated[str, typer.Option("--as", help="Who lets it in, on a stack of this machine.")] = CONTROLLER,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Let in what somebody else has proposed, after a look at what it adds up to."""
    from purveyor_history.proposals import find_proposals, let_in

    with _answering():
        asked = _Asked(url, data_dir, by)
        found = asyncio.run(asked.asking(lambda platform, token: find_proposals(platform, token, proposals)))
        for proposal in found:
            _show_proposal(proposal)
        if not yes and not typer.confirm("Let it in?"):
            raise typer.Exit(1)
        asyncio.run(asked.asking(lambda platform, token: let_in(platform, token, found)))
    out.print("Let in. It is imported with: purveyor import history FILE --mapping MAPPING")


@app.command()
def history(
    file: FileArgument,
    mapping: MappingOption,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and check everything, send nothing.")
    ] = False,
    report: ReportOption = None,
    url: UrlOption = None,
    let_in_as: Annotated[
        str | None,
        typer.Option(
            help="Propose it first and let it in as this second person: on a stack of this machine."
        ),
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(
            help="Where it is noted how far a large file is, until it is done; as a rule FILE.journal."
        ),
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Import a history of orders and receipts that somebody has let in. Running it again changes nothing.

    A large file is brought in parts: an import that was ended in the middle goes on after the last of them.
    Ends with 0 when every row was taken, with 3 when rows were refused, with 1 when it could not be done.
    """
    from purveyor_history import bringing

    uncounted = None
    with _answering(), _read(file, mapping) as (by, parts), ProgressBar() as show:
        if dry_run:
            result = bringing.read_only(parts, by)
        else:
            asked = _Asked(url, data_dir, PROPOSER)
            if let_in_as:
                controller = _Asked(url, data_dir, let_in_as, local_only=True)
                asyncio.run(_let_in(asked, controller, parts, by, file.name, show))
            noted = journal or file.with_name(f"{file.name}.journal")
            progress = bringing.Journal(noted, file, by, asked.urls, len(parts)) if len(parts) > 1 else None
            result, uncounted = asyncio.run(
                asked.importing(show, lambda importer: bringing.send(importer, parts, by, progress, show))
            )
    _told(result, parts.whole, report, "would be imported" if dry_run else "imported")
    if result.not_let_in:
        out.print("Nobody has let it in: purveyor import propose FILE, and somebody else approves.")
    if uncounted is not None:
        fail(f"All was sent, and what became of it is said above; but: {uncounted}")
    _end(result)


async def _let_in(
    asked: _Asked, controller: _Asked, parts: Parts, by: Mapping, name: str, show: ProgressBar
) -> None:
    from purveyor_history import bringing
    from purveyor_history.proposals import let_in

    _, proposals = await asked.importing(
        show, lambda importer: bringing.propose(importer, parts, by, name, show)
    )
    await controller.asking(lambda platform, token: let_in(platform, token, proposals))


@contextmanager
def _answering() -> Iterator[None]:
    import httpx

    from purveyor_history.mapping import MappingError
    from purveyor_history.platform import RefusedError
    from purveyor_history.waiting import StillCountingError

    try:
        yield
    except httpx.TransportError as error:
        fail(f"The platform does not answer ({error}). What it has taken, it has: run the import again.")
    except (MappingError, RefusedError, StillCountingError, OSError) as error:
        fail(str(error))


@contextmanager
def _read(file: Path, mapping: Path) -> Iterator[tuple[Mapping, Parts]]:
    from purveyor_history.mapping import load_mapping
    from purveyor_history.parts import in_parts

    by = load_mapping(mapping)
    with in_parts(file, by, today=datetime.now(UTC).date()) as parts:
        yield by, parts


T = TypeVar("T")


class _Asked:
    """The platform that is asked, and the token of who asks."""

    def __init__(
        self, url: list[str] | None, data_dir: Path, subject: str, *, local_only: bool = False
    ) -> None:
        if url and local_only:
            fail("A platform elsewhere has two people of its own: propose as one, approve as the other.")
        self.urls, self.token = _elsewhere(url) if url else running_here(data_dir, subject)

    async def asking(self, ask: Callable[[Platform, str], Awaitable[T]]) -> T:
        """Ask with a connection, and let go of it."""
        from purveyor_history.platform import Platform

        platform = Platform(self.urls)
        try:
            return await ask(platform, self.token)
        finally:
            await platform.close()

    async def importing(self, show: ProgressBar, act: Callable[[Importer], Awaitable[T]]) -> T:
        """Act as an importer, whose progress is shown."""
        from purveyor_history.client import Importer

        return await self.asking(lambda platform, token: act(Importer(platform, token, show)))


def _elsewhere(url: list[str]) -> tuple[Urls, str]:
    urls = dict(pair.partition("=")[::2] for pair in url)
    missing = [service.name for service in SERVICES if not urls.get(service.name)]
    if missing:
        fail(f"--url is missing for {', '.join(missing)}: --url {missing[0]}=https://…")
    return urls, token_elsewhere("sourcing:import and procurement:import")


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


def _show_proposal(proposal: Proposal) -> None:
    figures = proposal.figures
    kinds = ", ".join(f"{count} {kind}s" for kind, count in sorted(figures["kinds"].items())) or "nothing new"
    amounts = "".join(f", {amount} {currency}" for currency, amount in sorted(figures["amounts"].items()))
    days = f", {figures['first_day']} to {figures['last_day']}" if figures["first_day"] else ""
    undated = f", {figures['undated']} undated" if figures["undated"] else ""
    missing = figures["suppliers_not_here"]
    absent = f", of {figures['suppliers']} suppliers {missing} not here yet" if missing else ""
    out.print(f"{proposal.service} {proposal.id}: {kinds}{amounts}{days}{undated}{absent}", soft_wrap=True)
    out.print(f"  digest {proposal.digest}", soft_wrap=True)


def _told(result: Report, read: Whole, report: Path | None, taken: str) -> None:
    if report is not None:
        result.write(report)
    _show(result, read, taken=taken, written=report)


def _end(result: Report) -> None:
    if result.refused:
        raise typer.Exit(ROWS_WERE_REFUSED)


def _show(result: Report, read: Whole, *, taken: str, written: Path | None) -> None:
    outcome = f"{result.imported} {taken}, {result.unchanged} unchanged, {result.refused} refused"
    out.print(f"{result.rows} rows: {outcome}")
    out.print(
        f"  read: {len(read.suppliers)} suppliers, {read.orders} orders with {read.lines} lines, "
        f"{read.receipts} receipts, {len(read.sites)} sites"
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
