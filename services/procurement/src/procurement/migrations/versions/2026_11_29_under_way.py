"""An order line says how much of it is on its way."""

from alembic import op

revision = "2026_11_29_under_way"
down_revision = "2026_11_29_who_is_who"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE purchase_order_line
          ADD COLUMN under_way_quantity numeric NOT NULL DEFAULT 0,
          ADD CONSTRAINT ck_purchase_order_line_under_way_quantity
            CHECK (under_way_quantity >= 0) NOT VALID
        """
    )
