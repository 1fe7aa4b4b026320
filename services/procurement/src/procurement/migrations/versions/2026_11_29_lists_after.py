"""The day of an order is found by the index that sorts by it."""

from alembic import op

revision = "2026_11_29_lists_after"
down_revision = "2026_11_29_source_systems_after"
release = "0.1.0"
phase = "after"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_purchase_order_ordered_on")
