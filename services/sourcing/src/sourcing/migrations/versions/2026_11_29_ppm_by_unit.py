"""Scores say what was rejected in each unit of measure."""

from alembic import op

revision = "2026_11_29_ppm_by_unit"
down_revision = "2026_11_29_likeness_index"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier_score ADD COLUMN rejected_ppm_by_unit jsonb")
