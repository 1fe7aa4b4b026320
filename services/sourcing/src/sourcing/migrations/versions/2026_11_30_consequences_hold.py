"""Suppliers that a grade stops are found, and causes of blocks hold."""

from alembic import op

from purveyor.migrations.operations import create_index_concurrently

revision = "2026_11_30_consequences_hold"
down_revision = "2026_11_30_consequences"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    create_index_concurrently(
        "ix_supplier_stopped", "supplier (consequence) WHERE consequence LIKE 'no_new_%'"
    )
    op.execute("ALTER TABLE supplier_block VALIDATE CONSTRAINT ck_supplier_block_cause")
