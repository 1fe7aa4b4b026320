"""Transfers between budgets say which transaction changed them last."""

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_changed_transfers"
down_revision = "2026_11_30_reservations"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    note_changes_of("budget_transfer")
