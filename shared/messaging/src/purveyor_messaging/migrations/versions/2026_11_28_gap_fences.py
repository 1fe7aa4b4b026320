"""A gap in the outbox is given up by proof: publications note the transaction that stands behind it."""

from alembic import op

revision = "2026_11_28_gap_fences"
down_revision = "2026_11_28_chain"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE publication ADD COLUMN gap_fence xid8[] NOT NULL DEFAULT '{}'")
