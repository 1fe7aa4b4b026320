"""A supplier may go on as another that is the same company, or have been a mistake."""

from alembic import op

revision = "2026_11_29_merging"
down_revision = "2026_11_30_qualification"
release = "0.1.0"
phase = "before"

STATUSES = (
    "'registered', 'submitted', 'approved', 'rejected', 'suspended', 'unconfirmed', 'terminated', "
    "'merged', 'withdrawn'"
)
RULES = {
    "status": f"status IN ({STATUSES})",
    "merged": "(status = 'merged') = (merged_into IS NOT NULL)",
    "merged_into_another": "merged_into <> id",
    "merged_by_somebody": "num_nonnulls(merged_into, merged_by) IN (0, 2)",
    "withdrawn": "(status = 'withdrawn') = (withdrawn_by IS NOT NULL)",
    "author_does_not_merge": "merged_by IS NULL OR merged_by <> ALL (authors)",
    "author_does_not_withdraw": "withdrawn_by IS NULL OR withdrawn_by <> ALL (authors)",
}


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN merged_into uuid")
    op.execute("ALTER TABLE supplier ADD COLUMN merged_by text")
    op.execute("ALTER TABLE supplier ADD COLUMN withdrawn_by text")
    op.execute("ALTER TABLE supplier DROP CONSTRAINT ck_supplier_status")
    for name, rule in RULES.items():
        op.execute(f"ALTER TABLE supplier ADD CONSTRAINT ck_supplier_{name} CHECK ({rule}) NOT VALID")
    op.execute(
        "ALTER TABLE supplier ADD CONSTRAINT fk_supplier_merged_into_supplier"
        " FOREIGN KEY (merged_into) REFERENCES supplier (id) NOT VALID"
    )
    op.execute("""
        CREATE TABLE supplier_merge (
            supplier_id uuid NOT NULL,
            version integer NOT NULL,
            into_id uuid NOT NULL,
            authors text[] NOT NULL DEFAULT '{}',
            status_before text NOT NULL,
            reason text NOT NULL,
            merged_by text NOT NULL,
            merged_at timestamptz NOT NULL,
            identifiers jsonb NOT NULL,
            categories text[] NOT NULL,
            speaks_against text,
            cleared_by text,
            cleared_at timestamptz,
            clear_reason text,
            CONSTRAINT pk_supplier_merge PRIMARY KEY (supplier_id),
            CONSTRAINT fk_supplier_merge_supplier_id_supplier
                FOREIGN KEY (supplier_id) REFERENCES supplier (id),
            CONSTRAINT fk_supplier_merge_into_id_supplier FOREIGN KEY (into_id) REFERENCES supplier (id),
            CONSTRAINT ck_supplier_merge_another CHECK (into_id <> supplier_id),
            CONSTRAINT ck_supplier_merge_author_does_not_merge
                CHECK (merged_by IS NULL OR merged_by <> ALL (authors)),
            CONSTRAINT ck_supplier_merge_author_does_not_clear
                CHECK (cleared_by IS NULL OR cleared_by <> ALL (authors)),
            CONSTRAINT ck_supplier_merge_merger_does_not_clear
                CHECK (cleared_by IS NULL OR cleared_by <> merged_by),
            CONSTRAINT ck_supplier_merge_cleared
                CHECK (num_nonnulls(cleared_by, cleared_at, clear_reason) IN (0, 3)),
            CONSTRAINT ck_supplier_merge_cleared_of_something
                CHECK (cleared_by IS NULL OR speaks_against IS NOT NULL)
        )
    """)
    op.execute("CREATE INDEX ix_supplier_merge_into_id ON supplier_merge (into_id)")
    op.execute("CREATE INDEX ix_supplier_merge_merged_at ON supplier_merge (merged_at, supplier_id)")
    op.execute(
        "CREATE INDEX ix_supplier_merge_waiting ON supplier_merge (merged_at, supplier_id)"
        " WHERE speaks_against IS NOT NULL AND cleared_by IS NULL"
    )
