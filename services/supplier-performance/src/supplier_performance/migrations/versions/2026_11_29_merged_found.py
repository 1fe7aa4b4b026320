"""Suppliers are found by which one they are at present."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_merged_found"
down_revision = "2026_11_29_merged"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently("ix_supplier_present_id", "supplier (present_id) WHERE present_id IS NOT NULL")
