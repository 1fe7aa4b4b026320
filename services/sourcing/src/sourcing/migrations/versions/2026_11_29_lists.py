"""Each filter and each sort of a list has an index."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_lists"
down_revision = "2026_11_29_changes_of_suppliers"
release = "0.1.0"
phase = "before"

INDEXES = {
    "ix_supplier_imported": "supplier (imported, number)",
    "ix_supplier_source_system": "supplier (source_system, number)",
    "ix_supplier_registered_on": "supplier (registered_on, number)",
    "ix_supplier_changed_in": "supplier (changed_in, id)",
    "ix_supplier_review_opened_at": "supplier_review (opened_at, id)",
    "ix_supplier_review_grade": "supplier_review (grade, id)",
    "ix_supplier_review_decision": "supplier_review (decision, id)",
    "ix_supplier_review_changed_in": "supplier_review (changed_in, id)",
}


def upgrade() -> None:
    for name, on in INDEXES.items():
        create_index_concurrently(name, on)
