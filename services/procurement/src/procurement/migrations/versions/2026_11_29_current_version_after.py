"""Once nobody issues orders without saying so, an order that was issued has a version in force."""

from alembic import op

revision = "2026_11_29_current_version_after"
down_revision = "2026_11_29_lists_after"
release = "0.1.0"
phase = "after"


def upgrade() -> None:
    op.execute(
        "UPDATE purchase_order SET current_version = 1 WHERE issued_at IS NOT NULL AND current_version = 0"
    )
    op.execute(
        "ALTER TABLE purchase_order ADD CONSTRAINT ck_purchase_order_current_version "
        "CHECK ((current_version > 0) = (issued_at IS NOT NULL)) NOT VALID"
    )
