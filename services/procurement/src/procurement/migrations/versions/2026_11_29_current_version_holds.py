"""An order has a version in force if and only if it was issued, also those of before."""

from alembic import op

revision = "2026_11_29_current_version_holds"
down_revision = "2026_11_29_current_version_after"
release = "0.1.0"
phase = "after"


def upgrade() -> None:
    op.execute("ALTER TABLE purchase_order VALIDATE CONSTRAINT ck_purchase_order_current_version")
