"""Orders, receipts, suppliers and sites say which transaction changed them last."""

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_29_changes_of_purchases"
down_revision = "2026_11_29_source_systems"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    for table in ("purchase_order", "goods_receipt", "supplier", "site"):
        note_changes_of(table)
