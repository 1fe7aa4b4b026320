"""A line of a receipt says by which rules it was judged, and what it calls off because it is enough."""

from alembic import op

revision = "2026_11_29_receipt_rules"
down_revision = "2026_11_29_inbound_documents"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE goods_receipt_line
          ADD COLUMN rejection_kind text,
          ADD COLUMN cancelled_quantity numeric NOT NULL DEFAULT 0,
          ADD COLUMN over_receipt jsonb,
          ADD COLUMN under_receipt jsonb,
          ADD CONSTRAINT ck_goods_receipt_line_cancelled_quantity CHECK (cancelled_quantity >= 0) NOT VALID,
          ADD CONSTRAINT ck_goods_receipt_line_rejection_kind CHECK (
            rejection_kind IS NULL OR rejected_quantity > 0
              AND rejection_kind IN ('damaged', 'wrong', 'defective', 'expired')
          ) NOT VALID
        """
    )
