"""What is said of a hold holds for the orders that there are, too."""

from alembic import op

revision = "2026_11_29_order_holds_validated"
down_revision = "2026_11_29_order_holds"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE purchase_order VALIDATE CONSTRAINT ck_purchase_order_hold")
