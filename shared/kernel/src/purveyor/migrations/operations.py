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


def note_changes_of(table: str) -> None:
    """Let a table's rows say which transaction changed them last, for `purveyor.changes.Changing`.

    Rows of before changed before anybody asked. The revision depends on the kernel's `2026_11_29_changes`; an
    index on (changed_in, the key) is made in the next one.
    """
    op.execute(f"ALTER TABLE {table} ADD COLUMN changed_in bigint NOT NULL DEFAULT 0")
    of_now = "(pg_current_xact_id()::text)::bigint"
    op.execute(f"ALTER TABLE {table} ALTER COLUMN changed_in SET DEFAULT {of_now}")
    op.execute(
        f"CREATE TRIGGER note_change BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION note_change()"
    )
