"""What items say of how they are tracked, and receipts of what was stated, holds for those that there are."""

from alembic import op

revision = "2026_11_29_tracked_items_hold"
down_revision = "2026_11_29_tracked_items"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE item VALIDATE CONSTRAINT ck_item_tracked_by")
    op.execute("ALTER TABLE item VALIDATE CONSTRAINT ck_item_least_remaining_life_days")
    op.execute("ALTER TABLE goods_receipt_line VALIDATE CONSTRAINT ck_goods_receipt_line_stated")
