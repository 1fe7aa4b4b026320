"""How much more than ordered may be received is a policy; a line says by which version it was judged."""

from alembic import op

revision = "2026_11_28_over_receipt"
down_revision = "2026_11_25_orders_and_receipts"
depends_on = "2026_11_25_policy_versions"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE goods_receipt_line ADD COLUMN tolerance_version integer")
