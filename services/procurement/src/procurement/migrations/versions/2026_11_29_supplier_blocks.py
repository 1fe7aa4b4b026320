"""What blocks buying from a supplier lies beside what it is approved for."""

from alembic import op

revision = "2026_11_29_supplier_blocks"
down_revision = "2026_11_29_custody_apart_holds"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN blocks jsonb NOT NULL DEFAULT '[]'")
