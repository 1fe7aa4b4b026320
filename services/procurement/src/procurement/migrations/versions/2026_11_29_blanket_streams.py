"""What happens to blanket orders is told in streams, and what changed of them is asked for."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_29_blanket_streams"
down_revision = "2026_11_29_tracked_items_hold"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE blanket_order ADD COLUMN sequence integer NOT NULL DEFAULT 0")
    note_changes_of("blanket_order")
