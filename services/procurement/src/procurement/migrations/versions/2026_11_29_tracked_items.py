"""Items say by what their goods are told apart, and how long they are usable; receipts say which came."""

from alembic import op

revision = "2026_11_29_tracked_items"
down_revision = "2026_11_29_shipments"
release = "0.1.0"
phase = "before"

LOT = """
CREATE TABLE goods_receipt_lot (
  receipt_id uuid,
  line_number integer,
  lot text,
  quantity numeric NOT NULL
    CONSTRAINT ck_goods_receipt_lot_quantity CHECK (quantity > 0 AND scale(quantity) <= 6),
  rejected_quantity numeric NOT NULL CONSTRAINT ck_goods_receipt_lot_rejected_quantity
    CHECK (rejected_quantity BETWEEN 0 AND quantity),
  expires_on date,
  reversed_quantity numeric NOT NULL DEFAULT 0,
  reversed_rejected_quantity numeric NOT NULL DEFAULT 0,
  CONSTRAINT pk_goods_receipt_lot PRIMARY KEY (receipt_id, line_number, lot),
  CONSTRAINT fk_goods_receipt_lot_receipt_id_goods_receipt_line
    FOREIGN KEY (receipt_id, line_number) REFERENCES goods_receipt_line,
  CONSTRAINT ck_goods_receipt_lot_reversed_quantity CHECK (
    reversed_quantity BETWEEN 0 AND quantity
    AND reversed_rejected_quantity BETWEEN 0 AND rejected_quantity
    AND rejected_quantity - reversed_rejected_quantity <= quantity - reversed_quantity
  )
)
"""
SERIAL = """
CREATE TABLE goods_receipt_serial (
  receipt_id uuid,
  line_number integer,
  serial text,
  item text,
  rejected boolean NOT NULL,
  reversal_id uuid
    CONSTRAINT fk_goods_receipt_serial_reversal_id REFERENCES goods_receipt_reversal,
  CONSTRAINT pk_goods_receipt_serial PRIMARY KEY (receipt_id, line_number, serial),
  CONSTRAINT fk_goods_receipt_serial_receipt_id_goods_receipt_line
    FOREIGN KEY (receipt_id, line_number) REFERENCES goods_receipt_line
)
"""


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE item
          ADD COLUMN tracked_by text NOT NULL DEFAULT 'none',
          ADD COLUMN least_remaining_life_days integer,
          ADD CONSTRAINT ck_item_tracked_by CHECK (tracked_by IN ('none', 'lot', 'serial')) NOT VALID,
          ADD CONSTRAINT ck_item_least_remaining_life_days CHECK (least_remaining_life_days >= 0) NOT VALID
        """
    )
    op.execute(
        """
        ALTER TABLE goods_receipt_line
          ADD COLUMN schedule_number integer,
          ADD COLUMN stated_unit text,
          ADD COLUMN stated_quantity numeric,
          ADD COLUMN stated_rejected_quantity numeric,
          ADD CONSTRAINT ck_goods_receipt_line_stated CHECK (
            num_nulls(stated_unit, stated_quantity, stated_rejected_quantity) IN (0, 3)
          ) NOT VALID
        """
    )
    op.execute(LOT)
    op.execute(SERIAL)
    op.execute("CREATE INDEX ix_goods_receipt_lot_lot ON goods_receipt_lot (lot, receipt_id)")
    op.execute("CREATE INDEX ix_goods_receipt_serial_serial ON goods_receipt_serial (serial, receipt_id)")
    op.execute(
        "CREATE UNIQUE INDEX uq_goods_receipt_serial_item_serial ON goods_receipt_serial (item, serial) "
        "WHERE reversal_id IS NULL AND NOT rejected"
    )
