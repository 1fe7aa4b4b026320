"""Call-offs are found by their blanket order."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_call_offs_by_blanket"
down_revision = "2026_11_29_call_offs"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently(
        "ix_purchase_order_blanket_order_id",
        "purchase_order (blanket_order_id) WHERE blanket_order_id IS NOT NULL",
    )
