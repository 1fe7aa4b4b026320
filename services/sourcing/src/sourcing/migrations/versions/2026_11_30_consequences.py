"""What follows of a supplier's grade is known with it, and may block it."""

from alembic import op

revision = "2026_11_30_consequences"
down_revision = "2026_11_30_sealed_bids"
release = "0.1.0"
phase = "before"

CAUSES = "'screening', 'document', 'qualification', 'duplicate', 'performance'"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN consequence text")
    op.execute("ALTER TABLE supplier_block DROP CONSTRAINT ck_supplier_block_cause")
    op.execute(
        "ALTER TABLE supplier_block ADD CONSTRAINT ck_supplier_block_cause"
        f" CHECK (cause IN ({CAUSES})) NOT VALID"
    )
