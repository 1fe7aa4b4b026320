"""Two systems may know two suppliers by one reference."""

from alembic import op

revision = "2026_11_29_source_systems_after"
down_revision = "2026_11_30_contracts"
release = "0.1.0"
phase = "after"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier DROP CONSTRAINT IF EXISTS uq_supplier_external_reference")
