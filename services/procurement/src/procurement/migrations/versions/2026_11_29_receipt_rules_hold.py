"""What lines of receipts may say of rejections, and call off, holds for those that there are, too."""

from alembic import op

revision = "2026_11_29_receipt_rules_hold"
down_revision = "2026_11_29_receipt_rules"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    for name in ("cancelled_quantity", "rejection_kind"):
        op.execute(f"ALTER TABLE goods_receipt_line VALIDATE CONSTRAINT ck_goods_receipt_line_{name}")
