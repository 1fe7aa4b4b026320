"""One reference may stand for receipts of two orders."""

from alembic import op

revision = "2026_11_29_receipt_keys_after"
down_revision = "2026_11_30_invoice_looks"
release = "0.1.0"
phase = "after"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS uq_goods_receipt_external_reference")
