"""What a supplier is told of why its order was called off stands beside what we tell ourselves."""

from alembic import op

revision = "2026_11_29_told_reasons"
down_revision = "2026_11_29_duties_hold"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE purchase_order ADD COLUMN cancellation_reason_for_supplier text")
