"""Of what is ordered of a requested line it is known whether its order has committed it."""

from alembic import op

revision = "2026_11_30_reservations"
down_revision = "2026_11_30_matching"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE requisition_order_line ADD COLUMN issued boolean NOT NULL DEFAULT false")
