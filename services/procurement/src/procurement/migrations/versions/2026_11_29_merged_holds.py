"""The states of suppliers hold for those that there are, and merged ones are found by what they are."""

from alembic import op

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_29_merged_holds"
down_revision = "2026_11_29_merged"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently("ix_supplier_present_id", "supplier (present_id) WHERE present_id IS NOT NULL")
    op.execute("ALTER TABLE supplier VALIDATE CONSTRAINT ck_supplier_status")
