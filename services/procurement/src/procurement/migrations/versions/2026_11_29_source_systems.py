"""A reference belongs to a system: what was imported before there were several is of the one called main."""

from alembic import op

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_source_systems"
down_revision = "2026_11_29_line_quantities_hold"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    for table in ("purchase_order", "goods_receipt", "supplier"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS source_system text NOT NULL DEFAULT 'main'")
    create_index_concurrently(
        "uq_purchase_order_external_reference_source_system",
        "purchase_order (external_reference, source_system) WHERE external_reference IS NOT NULL",
        unique=True,
    )
