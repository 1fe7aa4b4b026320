"""Suppliers and reviews say which transaction changed them last."""

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_29_changes_of_suppliers"
down_revision = "2026_11_29_source_systems"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    for table in ("supplier", "supplier_review"):
        note_changes_of(table)
