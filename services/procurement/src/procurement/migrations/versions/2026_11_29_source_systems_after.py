"""Two systems may know two orders by one reference."""

from alembic import op

revision = "2026_11_29_source_systems_after"
down_revision = "2026_11_29_receipt_keys_after"
release = "0.1.0"
phase = "after"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS uq_purchase_order_external_reference")
