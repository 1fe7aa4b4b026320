"""What revisions do beside alembic's own operations."""

from __future__ import annotations

from alembic import op

from purveyor.migrations.run import LOCK_TIMEOUT


def create_index_concurrently(name: str, on: str, *, unique: bool = False) -> None:
    """Make an index while its table is read and written: `create_index_concurrently("ix_a_b", "a (b)")`.

    It goes before everything else of its revision, which is repeated when it fails: what a broken attempt
    left behind is dropped first. It waits for old transactions, and nobody waits for it.
    """
    kind = "UNIQUE INDEX" if unique else "INDEX"
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"CREATE {kind} CONCURRENTLY IF NOT EXISTS {name} ON {on}")
        op.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
