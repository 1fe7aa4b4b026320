"""What is said of reversals holds for the receipts that there are, too."""

from alembic import op

revision = "2026_11_29_reversals_hold"
down_revision = "2026_11_29_reversals"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE goods_receipt_line VALIDATE CONSTRAINT ck_goods_receipt_line_reversed_quantity")
