"""Receipts are taken back by counter-entries; their lines carry what all of those add up to."""

from alembic import op

revision = "2026_11_29_reversals"
down_revision = "2026_11_29_rejected_goods"
release = "0.1.0"
phase = "before"

REVERSAL = """
CREATE TABLE goods_receipt_reversal (
  id uuid CONSTRAINT pk_goods_receipt_reversal PRIMARY KEY,
  receipt_id uuid NOT NULL
    CONSTRAINT fk_goods_receipt_reversal_receipt_id_goods_receipt REFERENCES goods_receipt,
  reversed_on date NOT NULL,
  reason text NOT NULL,
  reason_for_supplier text,
  reversed_by text NOT NULL,
  reversed_at timestamptz NOT NULL,
  kept_apart text[] NOT NULL,
  CONSTRAINT ck_goods_receipt_reversal_kept_apart_does_not_reverse
    CHECK (reversed_by IS NULL OR reversed_by <> ALL (kept_apart))
)
"""
REVERSAL_LINE = """
CREATE TABLE goods_receipt_reversal_line (
  reversal_id uuid
    CONSTRAINT fk_goods_receipt_reversal_line_reversal_id REFERENCES goods_receipt_reversal,
  line_number integer,
  quantity numeric NOT NULL
    CONSTRAINT ck_goods_receipt_reversal_line_quantity CHECK (quantity > 0 AND scale(quantity) <= 6),
  rejected_quantity numeric NOT NULL CONSTRAINT ck_goods_receipt_reversal_line_rejected_quantity
    CHECK (rejected_quantity BETWEEN 0 AND quantity),
  CONSTRAINT pk_goods_receipt_reversal_line PRIMARY KEY (reversal_id, line_number)
)
"""


def upgrade() -> None:
    op.execute(REVERSAL)
    op.execute(REVERSAL_LINE)
    op.execute(
        "CREATE INDEX ix_goods_receipt_reversal_receipt_id_id ON goods_receipt_reversal (receipt_id, id)"
    )
    op.execute(
        """
        ALTER TABLE goods_receipt_line
          ADD COLUMN reversed_quantity numeric NOT NULL DEFAULT 0,
          ADD COLUMN reversed_rejected_quantity numeric NOT NULL DEFAULT 0,
          ADD CONSTRAINT ck_goods_receipt_line_reversed_quantity CHECK (
            reversed_quantity BETWEEN 0 AND quantity
            AND reversed_rejected_quantity BETWEEN 0 AND rejected_quantity
            AND rejected_quantity - reversed_rejected_quantity <= quantity - reversed_quantity
          ) NOT VALID
        """
    )
