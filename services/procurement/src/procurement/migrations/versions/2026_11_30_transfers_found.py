"""Which transfers changed since somebody looked is read by an index."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_30_transfers_found"
down_revision = "2026_11_30_changed_transfers"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently("ix_budget_transfer_changed_in", "budget_transfer (changed_in, id)")
