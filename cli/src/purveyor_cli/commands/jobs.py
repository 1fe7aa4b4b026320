"""`purveyor jobs`: what happens because time passes, run by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer
from rich.table import Table

from purveyor_cli.commands.terminal import (
    DEFAULT_DATA_DIR,
    DataDir,
    ServiceOption,
    fail,
    operator,
    out,
)
from purveyor_cli.commands.terminal import run as run_command
from purveyor_cli.services import SERVICES, Service, service_named

if TYPE_CHECKING:
    from purveyor.db import Database
    from purveyor.jobs import Job

app = typer.Typer(no_args_is_help=True, help="What happens because time passes, run by hand.")

Work: TypeAlias = "Callable[[Database, Job], Awaitable[str]]"
"""Does something with a job of a service, and says what."""


def jobs_of(service: Service) -> dict[str, Job]:
    """Return a service's jobs by name, those of the kernel too."""
    from purveyor_messaging.worker import KERNEL_JOBS

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
    from purveyor.jobs import run_job

    day = date.date()

    async def work(database: Database, job: Job) -> str:
        await run_job(database, job, day, by=operator(), again=again)
        return f"{name} is done for {day}."

    _in_every_service(name, service, data_dir, work)


@app.command()
def forget(
    name: Annotated[str, typer.Argument(help="From `purveyor jobs list`.")],
    after: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Runs for days after this one are forgotten.")
    ],
    reason: Annotated[str, typer.Option(help="Why, for the audit trail.")],
    service: ServiceOption = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Forget that a job was done for the days after a date; those that have come are done again.

    It mends what a wrong clock has done: whoever has run days ahead would not run them when they come.
    """
    from purveyor.jobs import forget_runs

    day = after.date()
    if not reason.strip():
        fail("--reason must say why.", code=2)

    async def work(database: Database, job: Job) -> str:
        async with database.transaction() as tx:
            tx.actor = operator()
            days = await forget_runs(tx, job, day, reason=reason)
        return f"{days} {'day' if days == 1 else 'days'} of {name} after {day} forgotten."

    _in_every_service(name, service, data_dir, work)


def _in_every_service(name: str, service: str | None, data_dir: Path, work: Work) -> None:
    """Do something with a job, say what came of it in each service, and fail if one refused."""
    done, refused = run_command(_each(name, service, data_dir, work))
    for text in done:
        out.print(text)
    if refused:
        fail("\n".join(refused))
    if not done:
        fail(f"No service here has a job {name!r}; `purveyor jobs list` shows those that there are.")


async def _each(name: str, service: str | None, data_dir: Path, work: Work) -> tuple[list[str], list[str]]:
    from purveyor.jobs import JobDoneError, JobRefusedError
    from purveyor_cli.folder import DataFolder
    from purveyor_cli.reach import reach

    done, refused = [], []
    async with reach(DataFolder(data_dir), service) as reached:
        for one in reached:
            job = jobs_of(one.service).get(name)
            if job is None:
                continue
            try:
                done.append(f"{one.service.name}: {await work(one.context.database, job)}")
            except JobDoneError as error:
                refused.append(f"{one.service.name}: {error}; --again does it once more.")
            except JobRefusedError as error:
                refused.append(f"{one.service.name}: {error}.")
    return done, refused
