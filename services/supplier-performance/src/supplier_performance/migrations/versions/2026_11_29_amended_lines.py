"""A line is as its order's version in force says it, and may be called off alone."""

from alembic import op

revision = "2026_11_29_amended_lines"
down_revision = "2026_11_29_score_causes"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE order_line ADD COLUMN cancelled_quantity numeric NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE order_event ADD COLUMN of_line integer")
    op.execute(
        """
        UPDATE order_line SET cancelled_quantity = quantity - received_quantity
        WHERE cancelled_on IS NOT NULL AND received_quantity < quantity
        """
    )
    op.execute(
        "ALTER TABLE order_line ADD CONSTRAINT ck_order_line_cancelled_quantity "
        "CHECK (cancelled_quantity >= 0) NOT VALID"
    )
