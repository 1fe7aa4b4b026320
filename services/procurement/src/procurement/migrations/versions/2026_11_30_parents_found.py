"""What belongs to a company is found."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_30_parents_found"
down_revision = "2026_11_30_parents_of_suppliers"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently("ix_supplier_parent_id", "supplier (parent_id, id) WHERE parent_id IS NOT NULL")
