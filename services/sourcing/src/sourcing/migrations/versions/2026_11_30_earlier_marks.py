"""Marks that were given before a case was returned are kept."""

from alembic import op

revision = "2026_11_30_earlier_marks"
down_revision = "2026_11_30_due_diligence"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE qualification_evaluator ADD COLUMN earlier_marks jsonb NOT NULL DEFAULT '[]'")
