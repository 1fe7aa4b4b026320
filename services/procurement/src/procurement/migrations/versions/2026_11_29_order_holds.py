"""An order can be held: who held it since when, why, and what waits."""

from alembic import op

revision = "2026_11_29_order_holds"
down_revision = "2026_11_29_amendments"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE purchase_order
          ADD COLUMN held_at timestamptz,
          ADD COLUMN held_by text,
          ADD COLUMN hold_reason text,
          ADD COLUMN hold_reason_for_supplier text,
          ADD COLUMN hold_stops_receipts boolean NOT NULL DEFAULT false
        """
    )
    op.execute(
        """
        ALTER TABLE purchase_order ADD CONSTRAINT ck_purchase_order_hold CHECK (
          num_nulls(held_at, held_by, hold_reason) = 0
          OR num_nulls(held_at, held_by, hold_reason) = 3
             AND hold_reason_for_supplier IS NULL AND NOT hold_stops_receipts
        ) NOT VALID
        """
    )
