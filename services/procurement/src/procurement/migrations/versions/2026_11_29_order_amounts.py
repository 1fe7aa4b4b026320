"""An order and its lines have tax codes, allowances and charges; what the codes said is kept with it."""

from alembic import op

revision = "2026_11_29_order_amounts"
down_revision = "2026_11_29_promises"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE purchase_order
          ADD COLUMN allowances jsonb,
          ADD COLUMN charges jsonb,
          ADD COLUMN tax_rates jsonb
        """
    )
    op.execute(
        """
        ALTER TABLE purchase_order_line
          ADD COLUMN tax_code text,
          ADD COLUMN weight numeric,
          ADD COLUMN allowances jsonb,
          ADD COLUMN charges jsonb
        """
    )
    op.execute(
        """
        ALTER TABLE purchase_order_line ADD CONSTRAINT ck_purchase_order_line_weight
          CHECK (weight > 0 AND scale(weight) <= 6) NOT VALID
        """
    )
