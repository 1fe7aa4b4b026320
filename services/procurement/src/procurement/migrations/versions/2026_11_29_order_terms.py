"""An order states its terms of payment and of delivery, and the project that it is for."""

from alembic import op

revision = "2026_11_29_order_terms"
down_revision = "2026_11_29_schedules"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE purchase_order
          ADD COLUMN payment_terms text,
          ADD COLUMN incoterm text,
          ADD COLUMN delivery_place text,
          ADD COLUMN project text
        """
    )
