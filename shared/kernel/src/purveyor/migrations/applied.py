"""What a database has of a schema, and whether a process can work with it."""

from __future__ import annotations

from collections.abc import Sequence

from purveyor.db import Connection
from purveyor.migrations.phase import Phase
from purveyor.migrations.shipped import Revision, Shipped

LEDGER = """
CREATE TABLE IF NOT EXISTS schema_revision (
  revision text CONSTRAINT pk_schema_revision PRIMARY KEY,
  release text NOT NULL,
  phase text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)
"""
"""Every revision that was applied, with its release: what alembic's own table does not tell older code."""


class SchemaError(Exception):
    """The database and the code do not fit; the message says in a sentence how."""


async def applied(connection: Connection) -> list[Revision]:
    """Return the revisions that a database has."""
    if await connection.fetchval("SELECT to_regclass('schema_revision')") is None:
        return []
    rows = await connection.fetch(
        "SELECT revision, release, phase FROM schema_revision ORDER BY applied_at, revision"
    )
    return [Revision(row["revision"], row["release"], row["phase"]) for row in rows]


def expect_fit(shipped: Shipped, has: Sequence[Revision]) -> None:
    """Raise SchemaError unless this code can run: all that it needs is there, and at most one release more.

    Of the later release that is its before half; what its after half takes away is what this code may need.
    """
    expect_not_newer(shipped, has)
    known = {revision.id for revision in has}
    lacking = [one.id for one in shipped.revisions if one.id not in known | shipped.deferred]
    if lacking:
        raise SchemaError(
            f"The database is older than this version of {shipped.service}: run `purveyor migrate`, "
            f"it lacks {_named(lacking)}."
        )


def expect_not_newer(shipped: Shipped, has: Sequence[Revision]) -> None:
    """Raise SchemaError when the database is more than the before half of one release ahead of this code."""
    ahead = [revision for revision in has if revision.id not in shipped.ids]
    own = {revision.release for revision in shipped.revisions}
    releases = sorted({revision.release for revision in ahead} - own)
    if len(releases) > 1:
        raise SchemaError(
            f"The database is newer than this version of {shipped.service} by more than one release: "
            f"it has {_named([revision.id for revision in ahead])} of {', '.join(releases)}."
        )
    taken = [revision.id for revision in ahead if revision.phase == Phase.AFTER]
    if taken:
        raise SchemaError(
            f"The database is newer than this version of {shipped.service}: the after half of a later "
            f"release, {_named(taken)}, may have taken away what this version needs."
        )


def _named(revisions: Sequence[str]) -> str:
    """Name the first of some revisions, and count the others."""
    others = len(revisions) - 1
    return revisions[0] + (f" and {others} more" if others else "")
