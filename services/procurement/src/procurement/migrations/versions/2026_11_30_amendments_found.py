"""Which amendments changed since somebody looked is read by an index."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_30_amendments_found"
down_revision = "2026_11_30_changes_of_amendments"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently(
        "ix_purchase_order_amendment_changed_in", "purchase_order_amendment (order_id, changed_in, id)"
    )
