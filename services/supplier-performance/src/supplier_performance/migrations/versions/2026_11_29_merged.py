"""A supplier may be another since it was merged: what it delivered counts with that one."""

from alembic import op

revision = "2026_11_29_merged"
down_revision = "2026_11_29_known_categories"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN merged_into uuid")
    op.execute("ALTER TABLE supplier ADD COLUMN present_id uuid")
