"""What is open is found by the day that it was promised for."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_open_lines"
down_revision = "2026_11_29_under_way_holds"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently(
        "ix_purchase_order_line_open", "purchase_order_line (promised_on, order_id) WHERE closed_as IS NULL"
    )
