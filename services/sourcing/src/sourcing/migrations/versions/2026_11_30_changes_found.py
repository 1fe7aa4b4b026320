"""What changed since somebody looked is read by an index, of every list."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_30_changes_found"
down_revision = "2026_11_30_changes_everywhere"
release = "0.1.0"
phase = "before"

KEYS = {
    "supplier_document": "id",
    "due_diligence_finding": "id",
    "due_diligence_complaint": "id",
    "possible_duplicate": "id",
    "supplier_merge": "supplier_id",
    "supplier_access": "id",
    "supplier_search": "id",
    "risk_signal": "id",
}


def upgrade() -> None:
    for table, key in KEYS.items():
        create_index_concurrently(f"ix_{table}_changed_in", f"{table} (changed_in, {key})")
