"""Suppliers belong to companies, as sourcing tells."""

from alembic import op

revision = "2026_11_30_parents_of_suppliers"
down_revision = "2026_11_30_invoices"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN parent_id uuid")
