"""Imports that are proposed and bulk jobs say which transaction changed them last."""

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_changes_of_bulk"
down_revision = "2026_11_29_policy_places"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    for table in ("import_proposal", "bulk_job"):
        note_changes_of(table)
