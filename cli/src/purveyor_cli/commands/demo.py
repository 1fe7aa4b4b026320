"""`purveyor demo`: the whole loop in under a minute, and nothing left behind."""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from purveyor_cli.commands.imports import ProgressBar
from purveyor_cli.commands.terminal import err, fail, out, this_command
from purveyor_cli.errors import CommandError
from purveyor_contract.roles import Role

if TYPE_CHECKING:
    from purveyor_cli.stack import Options, Stack
    from purveyor_history.platform import Platform

EXAMPLES = Path(__file__).parents[4] / "examples"
"""Beside the source: the demo is for a clone of the repository."""
SAMPLE = EXAMPLES / "history" / "halden-pumps.csv"
SAMPLE_MAPPING = EXAMPLES / "mappings" / "halden-pumps.toml"
SAMPLE_ENDS = "2026-06-30"


def demo() -> None:
    """Start everything in a temporary folder, tell the story of two suppliers, import a history, and stop."""
    import uvloop

    from purveyor_cli.demo.teller import StoryError
    from purveyor_cli.stack import Options
    from purveyor_history.mapping import MappingError
    from purveyor_history.platform import RefusedError
    from purveyor_history.waiting import StillCountingError

    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="purveyor-demo-") as folder:
            log = Path(folder) / "log"
            try:
                uvloop.run(_demo(Options(Path(folder), port_base=0, throw_away=True, log=log)))
            except Exception:
                err.print(*log.read_text().splitlines()[-20:] if log.exists() else (), sep="\n", markup=False)
                raise
    except (CommandError, StoryError, RefusedError, StillCountingError, MappingError) as error:
        fail(f"The demo went wrong: {error}")
    out.print(f"\nThe demo took {time.monotonic() - started:.0f} seconds; everything is stopped again.")


async def _demo(options: Options) -> None:
    from purveyor_cli import stack
    from purveyor_history.platform import Platform

    async with stack.running(options, lambda step: err.print(f"[dim]{step}[/]")) as running:
        platform = Platform(running.urls)
        telling = asyncio.ensure_future(_tell(running, platform))
        try:
            await asyncio.wait({telling, running.failed}, return_when=asyncio.FIRST_COMPLETED)
            if running.failed.done():
                running.failed.result()
            await telling
        finally:
            telling.cancel()
            await platform.close()


async def _tell(running: Stack, platform: Platform) -> None:
    from purveyor_cli.demo.story import Story
    from purveyor_cli.demo.teller import Teller

    teller = Teller(out, platform, running.issuer, list(running.urls))
    await Story(teller).tell()
    teller.chapter("Two years of Halden Pumps, from a CSV file that is as dirty as real exports are")
    await _import_sample(running, platform)
    teller.chapter(f"The league table of suppliers on {SAMPLE_ENDS}")
    await _league_table(running, platform)
    _where_next(running)


async def _import_sample(running: Stack, platform: Platform) -> None:
    from purveyor_history.client import bring
    from purveyor_history.mapping import load_mapping
    from purveyor_history.reading import read_history
    from purveyor_history.report import report_on

    mapping = load_mapping(SAMPLE_MAPPING)
    history = read_history(SAMPLE, mapping, today=datetime.now(UTC).date())
    tokens = (running.issuer.token("importer", Role.ADMIN), running.issuer.token("ada.admin", Role.ADMIN))
    approve = mapping.supplier.approved
    with ProgressBar() as show:
        sent = await bring(platform, tokens, history, SAMPLE.name, approve=approve, progress=show)
    report = report_on(history, sent, mapping)
    value = ", ".join(f"{amount:,} {currency}" for currency, amount in report.received_value.items())
    out.print(
        f"   Proposed by importer, let in by ada.admin. "
        f"{report.rows} rows: {report.imported} imported, {report.refused} refused; "
        f"{len(history.suppliers)} suppliers, {len(history.orders)} orders, {len(history.receipts)} receipts,"
        f" received value {value}"
    )
    for remark in report.refusals:
        out.print(f"   [red]refused[/] line {remark.line}, {remark.column}: {escape(remark.reason)}")


async def _league_table(running: Stack, platform: Platform) -> None:
    token = running.issuer.token("carla", Role.CATEGORY_MANAGER)
    params: dict[str, str | int] = {"as_of": SAMPLE_ENDS, "limit": 200}
    page = await platform.done(token, "supplier-performance", "GET", "/v1/scorecards", params=params)
    table = Table("", box=None, pad_edge=False)
    table.add_column("supplier", no_wrap=True, max_width=36)
    for column in (
        "score",
        "grade",
        "lines due",
        "on time %",
        "in full %",
        "rejected ppm",
        "days late",
        "spend EUR",
    ):
        table.add_column(column, justify="right")
    ranked = page.body["items"]
    for place, entry in enumerate(ranked, start=1):
        if 10 < place <= len(ranked) - 5:
            if place == 11:
                table.add_row("…")
            continue
        measures = entry["measures"]
        spend = next((money["amount"] for money in measures["spend"] if money["currency"] == "EUR"), "0")
        table.add_row(
            str(place),
            entry["supplier"]["name"],
            *(str(value) if value is not None else "–" for value in (entry["score"], entry["grade"])),
            *(
                str(measures[name]) if measures[name] is not None else "–"
                for name in (
                    "lines_due",
                    "on_time_percent",
                    "in_full_percent",
                    "rejected_ppm",
                    "average_days_late",
                )
            ),
            f"{float(spend):,.0f}",
        )
    out.print(table)


def _where_next(running: Stack) -> None:
    purveyor = this_command()
    out.print("\n[bold]Where to look next[/]")
    out.print(f"   {purveyor} up\n      keeps all of this running; its APIs explain themselves at")
    for offset, name in enumerate(running.urls):
        out.print(f"         http://127.0.0.1:{8001 + offset}/docs  ({name})")
    out.print(
        f"""   {purveyor} token --role buyer
      an access token
   {purveyor} import history FILE …
      your own past, by a mapping such as those in examples/mappings
   {purveyor} events tail
      what the services tell each other; `parked` shows what could not be handled
   {purveyor} audit verify
      whether the record of who did what is whole
   README.md, docs/adr/
      how it is made, and why"""
    )
