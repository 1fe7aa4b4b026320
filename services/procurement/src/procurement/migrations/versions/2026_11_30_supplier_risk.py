"""How risky a supplier is, as sourcing told it last."""

from alembic import op

revision = "2026_11_30_supplier_risk"
down_revision = "2026_11_30_parents_found"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN risk text")
