"""The number of a schedule that a version no longer has is not given again."""

from alembic import op

revision = "2026_11_29_dropped_schedules"
down_revision = "2026_11_29_supplier_blocks"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE purchase_order_line ADD COLUMN dropped_schedules integer[] NOT NULL DEFAULT '{}'")
