"""Blanket orders are found by where they stand, and by what changed of them."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_blanket_lists"
down_revision = "2026_11_29_blanket_streams"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently("ix_blanket_order_status_id", "blanket_order (status, id)")
    create_index_concurrently("ix_blanket_order_changed_in", "blanket_order (changed_in, id)")
