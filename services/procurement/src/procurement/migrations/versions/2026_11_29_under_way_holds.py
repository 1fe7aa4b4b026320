"""No line has less than nothing on its way."""

from alembic import op

revision = "2026_11_29_under_way_holds"
down_revision = "2026_11_29_under_way"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE purchase_order_line VALIDATE CONSTRAINT ck_purchase_order_line_under_way_quantity"
    )
