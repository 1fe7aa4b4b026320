"""Documents, findings, complaints, pairs, merges, access, searches and signals say when they changed last."""

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_changes_everywhere"
down_revision = "2026_11_30_supplier_words"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLES = (
    "supplier_document",
    "due_diligence_finding",
    "due_diligence_complaint",
    "possible_duplicate",
    "supplier_merge",
    "supplier_access",
    "supplier_search",
    "risk_signal",
)


def upgrade() -> None:
    for table in TABLES:
        note_changes_of(table)
