"""Ordering and custody are kept apart for the orders that there are, too."""

from alembic import op

revision = "2026_11_29_custody_apart_holds"
down_revision = "2026_11_29_custody_apart"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE purchase_order VALIDATE CONSTRAINT ck_purchase_order_orderers_do_not_receive")
