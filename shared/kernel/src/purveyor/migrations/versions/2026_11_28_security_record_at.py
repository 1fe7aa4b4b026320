"""Security records are found by their time."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_28_security_record_at"
down_revision = "2026_11_28_security_records"
branch_labels = None
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently("ix_security_record_at", "security_record (at)")
