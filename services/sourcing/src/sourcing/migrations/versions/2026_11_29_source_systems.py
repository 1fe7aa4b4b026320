"""A reference belongs to a system: what was imported before there were several is of the one called main."""

from alembic import op

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_source_systems"
down_revision = "2026_11_29_ppm_by_unit"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN IF NOT EXISTS source_system text NOT NULL DEFAULT 'main'")
    create_index_concurrently(
        "uq_supplier_external_reference_source_system",
        "supplier (external_reference, source_system) WHERE external_reference IS NOT NULL",
        unique=True,
    )
