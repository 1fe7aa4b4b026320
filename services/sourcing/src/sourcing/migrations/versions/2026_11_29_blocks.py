"""What blocks buying from a supplier beside its status."""

from alembic import op

revision = "2026_11_29_blocks"
down_revision = "2026_11_29_lists"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE supplier_block (
            supplier_id uuid NOT NULL,
            cause text NOT NULL,
            reference uuid NOT NULL,
            categories text[],
            reason text NOT NULL,
            reason_for_supplier text,
            blocked_by text NOT NULL,
            blocked_at timestamptz NOT NULL,
            CONSTRAINT pk_supplier_block PRIMARY KEY (supplier_id, cause, reference),
            CONSTRAINT fk_supplier_block_supplier_id_supplier
                FOREIGN KEY (supplier_id) REFERENCES supplier (id),
            CONSTRAINT ck_supplier_block_cause
                CHECK (cause IN ('screening', 'document', 'qualification', 'duplicate')),
            CONSTRAINT ck_supplier_block_categories CHECK (cardinality(categories) > 0)
        )
    """)
    op.execute("CREATE INDEX ix_supplier_block_reference ON supplier_block (reference)")
