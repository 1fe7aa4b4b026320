"""A revision as the SQL that it runs, without a database: what a linter reads."""

from __future__ import annotations

from io import StringIO

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.runtime.migration import MigrationStep

from purveyor.migrations.run import LOCK_TIMEOUT
from purveyor.migrations.shipped import Shipped


def sql(code: Shipped, revision: str) -> str:
    """Return the statements that bring a database from the revision before to this one."""
    script = code.scripts.get_revision(revision)
    step = MigrationStep.upgrade_from_script(code.scripts.revision_map, script)
    written = StringIO(f"SET lock_timeout = '{LOCK_TIMEOUT}';\n\n")
    written.seek(0, 2)
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={
            "as_sql": True,
            "output_buffer": written,
            "fn": lambda *_: [step],
            "starting_rev": script.down_revision,
            "transaction_per_migration": True,
        },
    )
    with Operations.context(context):
        context.run_migrations()
    return written.getvalue()
