"""Audit records are found by their time."""

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_audit_at"
down_revision = "2026_11_29_changes"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently("ix_audit_record_at", "audit_record (at)")
