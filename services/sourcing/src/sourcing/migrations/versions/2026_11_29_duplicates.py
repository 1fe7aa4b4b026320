"""Suppliers whose names resemble each other are kept in pairs, with what people found out of them."""

from alembic import op

revision = "2026_11_29_duplicates"
down_revision = "2026_11_30_documents"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE possible_duplicate (
            id uuid NOT NULL,
            version integer NOT NULL,
            one_id uuid NOT NULL,
            other_id uuid NOT NULL,
            authors text[] NOT NULL DEFAULT '{}',
            names text[] NOT NULL,
            score numeric(4, 1) NOT NULL,
            resemblance text NOT NULL,
            found_at timestamptz NOT NULL,
            verdict text,
            settled_by text,
            settled_at timestamptz,
            reason text,
            CONSTRAINT pk_possible_duplicate PRIMARY KEY (id),
            CONSTRAINT uq_possible_duplicate_one_id_other_id UNIQUE (one_id, other_id),
            CONSTRAINT fk_possible_duplicate_one_id_supplier FOREIGN KEY (one_id) REFERENCES supplier (id),
            CONSTRAINT fk_possible_duplicate_other_id_supplier
                FOREIGN KEY (other_id) REFERENCES supplier (id),
            CONSTRAINT ck_possible_duplicate_one_pair CHECK (one_id < other_id),
            CONSTRAINT ck_possible_duplicate_verdict CHECK (verdict IN ('same', 'different')),
            CONSTRAINT ck_possible_duplicate_settled
                CHECK (num_nonnulls(verdict, settled_by, settled_at, reason) IN (0, 4)),
            CONSTRAINT ck_possible_duplicate_author_does_not_settle
                CHECK (settled_by IS NULL OR settled_by <> ALL (authors))
        )
    """)
    op.execute("CREATE INDEX ix_possible_duplicate_other_id ON possible_duplicate (other_id)")
    op.execute("CREATE INDEX ix_possible_duplicate_found_at ON possible_duplicate (found_at, id)")
    op.execute("CREATE INDEX ix_possible_duplicate_score ON possible_duplicate (score, id)")
    op.execute(
        "CREATE INDEX ix_possible_duplicate_open ON possible_duplicate (score, id) WHERE verdict IS NULL"
    )
    op.execute("""
        CREATE TABLE suppliers_compared (
            id integer NOT NULL,
            changed_in bigint NOT NULL,
            supplier_id uuid NOT NULL,
            CONSTRAINT pk_suppliers_compared PRIMARY KEY (id),
            CONSTRAINT ck_suppliers_compared_one_row CHECK (id = 1)
        )
    """)
