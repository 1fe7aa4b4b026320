"""Suppliers keep who acts for them, who decides nothing about them."""

from alembic import op

revision = "2026_11_30_representatives"
down_revision = "2026_11_30_supplier_risk"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN represented_by text[] NOT NULL DEFAULT '{}'")
