"""A proposal says of how many suppliers nothing was known when it was made."""

from alembic import op

revision = "2026_11_29_proposed_suppliers"
down_revision = "2026_11_29_audit_waits"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE import_proposed ADD COLUMN supplier_here boolean")
