"""An event that waits knows when it is tried again by itself."""

from alembic import op

revision = "2026_11_28_waiting"
down_revision = "2026_11_28_gap_fences"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE parked_event ADD COLUMN retry_at timestamptz")
