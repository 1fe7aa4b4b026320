"""Bringing a database to the schema of the code, by any number of pods at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import structlog
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.runtime.migration import MigrationInfo, RevisionStep
from sqlalchemy import Connection as SQLAlchemyConnection
from sqlalchemy import NullPool, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from purveyor import postgres
from purveyor.migrations.applied import LEDGER, SchemaError, applied, expect_fit, expect_not_newer
from purveyor.migrations.phase import Phase
from purveyor.migrations.roles import grant
from purveyor.migrations.shipped import Revision, Shipped, shipped

log = structlog.get_logger(__name__)

MIGRATION_LOCK = 0x50_55_52_56_45_59_4F_52
LOCK_POLL_SECONDS = 0.1
LOCK_TIMEOUT = "2s"
"""A migration that waits for a table's lock has every query of that table wait behind it, but no longer."""
LOCK_ATTEMPTS = 40
LONGEST_PAUSE_SECONDS = 10.0
CONTENDED = {"55P03", "40P01"}
"""SQLSTATEs of a lock that was not to be had, and of a deadlock."""

UNBRANCHED = "0001"
"""Where a database is whose service made all tables in one revision, before there were branches."""


async def upgrade(database_url: str, package: str, phase: Phase = Phase.ALL) -> int:
    """Bring a database to the schema of a package such as `procurement.migrations`; return what is left.

    Several may run at once: one migrates, the others wait for it and find nothing left to do. What is left is
    the number of revisions of the after half. A database that is ahead of the code, as after a rollback, is
    left as it is when the code can work with it. Roles of the duties, where there are any, get their rights.
    """
    code = shipped(package)
    if code is None:
        raise SchemaError(f"There is no package {package}.")
    async with _one_at_a_time(database_url) as connection:
        await _prepare(connection, code)
        has = await applied(await postgres.raw(connection))
        if phase is Phase.AFTER:
            expect_fit(code, has)
        expect_not_newer(code, has)
        left_out = code.deferred if phase is Phase.BEFORE else frozenset()
        known = {revision.id for revision in has}
        wanted = code.ids - left_out - known
        if wanted and known - code.ids:
            raise SchemaError(
                f"The database is of another line than this version of {code.service}: it has revisions that "
                f"this version does not know, and lacks {', '.join(sorted(wanted))}."
            )
        if wanted:
            await _run(connection, code, wanted)
        await grant(await postgres.raw(connection))
        return len(code.ids - wanted - known)


@asynccontextmanager
async def _one_at_a_time(database_url: str) -> AsyncIterator[AsyncConnection]:
    """Yield a connection that alone migrates this database."""
    engine = postgres.engine_of(database_url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            # Polled: a statement that waits holds a snapshot, for which CREATE INDEX CONCURRENTLY would wait.
            while not await connection.scalar(
                text("SELECT pg_try_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK}
            ):
                await connection.rollback()
                await asyncio.sleep(LOCK_POLL_SECONDS)
            await connection.commit()
            yield connection
    finally:
        await engine.dispose()


async def _prepare(connection: AsyncConnection, code: Shipped) -> None:
    """Make the ledger, and put a database from before the branches at the first revision of each.

    A branch whose first revision depends on another's came later: a former database has nothing of it.
    """
    await connection.execute(text(LEDGER))
    if await connection.scalar(text("SELECT to_regclass('alembic_version')")) is not None:
        adopt = text("DELETE FROM alembic_version WHERE version_num = :unbranched RETURNING version_num")
        if await connection.scalar(adopt, {"unbranched": UNBRANCHED}) is not None:
            scripts = code.scripts.get_revisions(code.scripts.get_bases())
            bases = {script.revision for script in scripts if not script.dependencies}
            for revision in (one for one in code.revisions if one.id in bases):
                at = text("INSERT INTO alembic_version VALUES (:revision)")
                await connection.execute(at, {"revision": revision.id})
                await connection.execute(NOTE, _row(revision))
    await connection.commit()


NOTE = text("INSERT INTO schema_revision (revision, release, phase) VALUES (:revision, :release, :phase)")


def _row(revision: Revision) -> dict[str, str]:
    return {"revision": revision.id, "release": revision.release, "phase": revision.phase}


async def _run(connection: AsyncConnection, code: Shipped, wanted: frozenset[str]) -> None:
    """Apply revisions, each in its own transaction, and as often as it takes to get the locks they need."""
    by_id = {revision.id: revision for revision in code.revisions}

    def note(ctx: MigrationContext, step: MigrationInfo, **_: Any) -> None:
        assert ctx.connection is not None  # noqa: S101  # not offline
        for revision in step.up_revision_ids:
            ctx.connection.execute(NOTE, _row(by_id[revision]))

    def run(opened: SQLAlchemyConnection) -> None:
        def steps(heads: tuple[str, ...], _: MigrationContext) -> list[RevisionStep]:
            upgrades = code.scripts._upgrade_revs("heads", cast("str", heads))
            found = [step for step in upgrades if step.info.up_revision_id in wanted]
            out_of_reach = wanted - {step.info.up_revision_id for step in found}
            if out_of_reach:
                raise SchemaError(
                    f"The database was made by a version of {code.service} that was never released: it lacks "
                    f"{', '.join(sorted(out_of_reach))}, which this version has before what is applied. Make "
                    "it anew; where it was tried with purveyor up, delete its data folder."
                )
            return found

        options = {"fn": steps, "transaction_per_migration": True, "on_version_apply": (note,)}
        context = MigrationContext.configure(opened, opts=options)
        with Operations.context(context):
            context.run_migrations()

    await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    await connection.commit()
    for attempt in range(1, LOCK_ATTEMPTS + 1):
        try:
            await connection.run_sync(run)
            await connection.commit()
        except DBAPIError as error:
            await connection.rollback()
            if getattr(error.orig, "sqlstate", None) not in CONTENDED:
                raise
            log.warning("migration_waits_for_a_lock", attempt=attempt, statement=error.statement)
            await asyncio.sleep(min(attempt, LONGEST_PAUSE_SECONDS))
        else:
            return
    raise SchemaError(
        f"The migration of {code.service} gave up after {LOCK_ATTEMPTS} attempts: others hold the locks that "
        "it needs; pg_stat_activity shows which transactions are old."
    )
