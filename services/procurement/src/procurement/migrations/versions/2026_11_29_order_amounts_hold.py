"""What is said of a line's weight holds for the lines that there are, too."""

from alembic import op

revision = "2026_11_29_order_amounts_hold"
down_revision = "2026_11_29_order_amounts"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE purchase_order_line VALIDATE CONSTRAINT ck_purchase_order_line_weight")
