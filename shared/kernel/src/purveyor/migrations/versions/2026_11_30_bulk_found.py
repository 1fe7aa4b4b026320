"""Imports and bulk jobs are found by what they can be asked for."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_30_bulk_found"
down_revision = "2026_11_30_changes_of_bulk"
release = "0.1.0"
phase = "before"

INDEXES = {
    "ix_import_proposal_changed_in": "import_proposal (changed_in, id)",
    "ix_bulk_job_changed_in": "bulk_job (changed_in, id)",
    "ix_bulk_job_status": "bulk_job (status, id)",
    "ix_bulk_job_kind": "bulk_job (kind, id)",
    "ix_bulk_job_asked_at": "bulk_job (asked_at, id)",
}


def upgrade() -> None:
    for name, on in INDEXES.items():
        create_index_concurrently(name, on)
