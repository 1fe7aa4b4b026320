"""`purveyor jobs`: what happens because time passes, run by hand."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from datetime import date as date_type
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from purveyor.jobs import Job, JobRefusedError, run_job
from purveyor_cli.commands.terminal import DEFAULT_DATA_DIR, DataDir, ServiceOption, fail, out
from purveyor_cli.folder import DataFolder, FolderInUseError
from purveyor_cli.reach import UnreachableError, reach
from purveyor_cli.services import SERVICES, Service, service_named
from purveyor_messaging.worker import KERNEL_JOBS

app = typer.Typer(no_args_is_help=True, help="What happens because time passes, run by hand.")


def jobs_of(service: Service) -> dict[str, Job]:
    """Return a service's jobs by name, those of the kernel too."""
    return {job.name: job for job in (*service.code().jobs, *KERNEL_JOBS)}


@app.command("list")
def list_jobs(service: ServiceOption = None) -> None:
    """List the jobs that there are; workers run each of them once for every day (UTC)."""
    table = Table("service", "job", box=None)
    for each in [service_named(service)] if service is not None else SERVICES:
        for name in jobs_of(each):
            table.add_row(each.name, name)
    out.print(table)


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="From `purveyor jobs list`.")],
    date: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The business date to run it for.")],
    service: ServiceOption = None,
    again: Annotated[bool, typer.Option("--again", help="Also when it has been done for that date.")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Run a job for a date, in every service that has it. Ends with 1 when it has been done already."""
    day = date.date()
    if day > datetime.now(UTC).date():
        fail(f"{day} lies in the future.")
    try:
        done, refused = asyncio.run(_run(name, day, service, again, data_dir))
    except (UnreachableError, FolderInUseError) as error:
        fail(str(error))
    for text in done:
        out.print(text)
    if refused:
        fail("\n".join(refused) + "\nRun it with --again if it shall be done once more.")
    if not done:
        fail(f"No service here has a job {name!r}; `purveyor jobs list` shows those that there are.")


async def _run(
    name: str, day: date_type, service: str | None, again: bool, data_dir: Path
) -> tuple[list[str], list[str]]:
    done, refused = [], []
    async with reach(DataFolder(data_dir), service) as reached:
        for one in reached:
            job = jobs_of(one.service).get(name)
            if job is None:
                continue
            try:
                await run_job(one.context.database, job, day, again=again)
            except JobRefusedError as error:
                refused.append(f"{one.service.name}: {error}.")
            else:
                done.append(f"{one.service.name}: {name} is done for {day}.")
    return done, refused
