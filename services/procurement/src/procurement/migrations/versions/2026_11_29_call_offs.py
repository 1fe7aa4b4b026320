"""Call-offs name a blanket order that there is."""

from alembic import op

revision = "2026_11_29_call_offs"
down_revision = "2026_11_29_blanket_orders"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE purchase_order VALIDATE CONSTRAINT fk_purchase_order_blanket_order_id_blanket_order"
    )
