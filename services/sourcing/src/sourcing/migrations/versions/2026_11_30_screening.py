"""Lists of whom nobody may trade with, suppliers held against them, and the hits."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_screening"
down_revision = "2026_11_29_merging_holds"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE screening_list (
        code text NOT NULL,
        version integer NOT NULL DEFAULT 0,
        CONSTRAINT pk_screening_list PRIMARY KEY (code)
    )
    """,
    """
    CREATE TABLE screening_list_version (
        list text NOT NULL,
        number integer NOT NULL,
        form text NOT NULL,
        status text NOT NULL,
        entries integer NOT NULL DEFAULT 0,
        skipped integer NOT NULL DEFAULT 0,
        broken integer NOT NULL DEFAULT 0,
        new integer NOT NULL DEFAULT 0,
        changed integer NOT NULL DEFAULT 0,
        gone integer NOT NULL DEFAULT 0,
        problem text,
        loaded_by text NOT NULL,
        begun_at timestamptz NOT NULL,
        worked_at timestamptz NOT NULL,
        ended_at timestamptz,
        CONSTRAINT pk_screening_list_version PRIMARY KEY (list, number),
        CONSTRAINT fk_screening_list_version_list_screening_list
            FOREIGN KEY (list) REFERENCES screening_list (code),
        CONSTRAINT ck_screening_list_version_status CHECK (status IN ('loading', 'loaded', 'refused')),
        CONSTRAINT ck_screening_list_version_form
            CHECK (form IN ('ofac-sdn', 'opensanctions-simple', 'follow-the-money', 'csv'))
    )
    """,
    """
    CREATE UNIQUE INDEX uq_screening_list_version_loading ON screening_list_version (list)
        WHERE status = 'loading'
    """,
    """
    CREATE TABLE screening_entry (
        id uuid NOT NULL,
        list text NOT NULL,
        reference text NOT NULL,
        digest bytea NOT NULL,
        content jsonb NOT NULL,
        words text[] NOT NULL,
        since_version integer NOT NULL,
        until_version integer,
        CONSTRAINT pk_screening_entry PRIMARY KEY (id),
        CONSTRAINT fk_screening_entry_list_screening_list FOREIGN KEY (list) REFERENCES screening_list (code)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_screening_entry_list_reference_since_version
        ON screening_entry (list, reference, since_version)
    """,
    "CREATE INDEX ix_screening_entry_list_id ON screening_entry (list, id)",
    "CREATE INDEX ix_screening_entry_list_since_version ON screening_entry (list, since_version)",
    """
    CREATE TABLE screening_arrival (
        list text NOT NULL,
        number integer NOT NULL,
        reference text NOT NULL,
        digest bytea NOT NULL,
        CONSTRAINT pk_screening_arrival PRIMARY KEY (list, number, reference)
    )
    """,
    """
    CREATE TABLE screening_broken_row (
        list text NOT NULL,
        number integer NOT NULL,
        line integer NOT NULL,
        reason text NOT NULL,
        CONSTRAINT pk_screening_broken_row PRIMARY KEY (list, number, line),
        CONSTRAINT fk_screening_broken_row_list_number_screening_list_version
            FOREIGN KEY (list, number) REFERENCES screening_list_version (list, number)
    )
    """,
    """
    CREATE TABLE screening_run (
        id uuid NOT NULL,
        list text NOT NULL,
        list_version integer NOT NULL,
        newer_than integer NOT NULL,
        why text NOT NULL,
        business_date date,
        begun_at timestamptz NOT NULL,
        after_entry uuid NOT NULL,
        after_supplier uuid NOT NULL,
        comparisons bigint NOT NULL DEFAULT 0,
        of_comparisons bigint NOT NULL DEFAULT 0,
        hits integer NOT NULL DEFAULT 0,
        finished_at timestamptz,
        CONSTRAINT pk_screening_run PRIMARY KEY (id),
        CONSTRAINT fk_screening_run_list_screening_list FOREIGN KEY (list) REFERENCES screening_list (code),
        CONSTRAINT ck_screening_run_why CHECK (why IN ('list_loaded', 'daily'))
    )
    """,
    "CREATE INDEX ix_screening_run_unfinished ON screening_run (id) WHERE finished_at IS NULL",
    "CREATE INDEX ix_screening_run_list ON screening_run (list, id)",
    """
    CREATE TABLE screening_due (
        supplier_id uuid NOT NULL,
        noted_at timestamptz NOT NULL,
        CONSTRAINT pk_screening_due PRIMARY KEY (supplier_id)
    )
    """,
    """
    CREATE TABLE screening_mark (
        one boolean NOT NULL DEFAULT true,
        incarnation text NOT NULL,
        transaction bigint NOT NULL,
        supplier_id uuid NOT NULL,
        CONSTRAINT pk_screening_mark PRIMARY KEY (one),
        CONSTRAINT ck_screening_mark_one CHECK (one)
    )
    """,
    """
    INSERT INTO screening_mark (incarnation, transaction, supplier_id)
    VALUES ('', 0, '00000000-0000-0000-0000-000000000000')
    """,
    """
    CREATE TABLE screened_supplier (
        supplier_id uuid NOT NULL,
        digest bytea NOT NULL,
        screened_at timestamptz NOT NULL,
        CONSTRAINT pk_screened_supplier PRIMARY KEY (supplier_id),
        CONSTRAINT fk_screened_supplier_supplier_id_supplier
            FOREIGN KEY (supplier_id) REFERENCES supplier (id)
    )
    """,
    """
    CREATE TABLE screened_names (
        supplier_id uuid NOT NULL,
        version integer NOT NULL,
        names jsonb NOT NULL,
        stated_by text NOT NULL,
        stated_at timestamptz NOT NULL,
        CONSTRAINT pk_screened_names PRIMARY KEY (supplier_id),
        CONSTRAINT fk_screened_names_supplier_id_supplier FOREIGN KEY (supplier_id) REFERENCES supplier (id)
    )
    """,
    """
    CREATE TABLE screening_hit (
        id uuid NOT NULL,
        version integer NOT NULL,
        supplier_id uuid NOT NULL,
        supplier_authors text[] NOT NULL,
        supplier_digest bytea NOT NULL,
        list text NOT NULL,
        list_version integer NOT NULL,
        reference text NOT NULL,
        entry_digest bytea NOT NULL,
        policy_version integer NOT NULL,
        score numeric(4, 1) NOT NULL,
        evidence jsonb NOT NULL,
        status text NOT NULL,
        raised_at timestamptz NOT NULL,
        reason text,
        decided_by text,
        decided_at timestamptz,
        CONSTRAINT pk_screening_hit PRIMARY KEY (id),
        CONSTRAINT fk_screening_hit_supplier_id_supplier FOREIGN KEY (supplier_id) REFERENCES supplier (id),
        CONSTRAINT fk_screening_hit_list_screening_list FOREIGN KEY (list) REFERENCES screening_list (code),
        CONSTRAINT ck_screening_hit_status CHECK (status IN ('raised', 'confirmed', 'cleared')),
        CONSTRAINT ck_screening_hit_decided_wholly
            CHECK (num_nonnulls(reason, decided_by, decided_at) IN (0, 3)),
        CONSTRAINT ck_screening_hit_decided CHECK ((status = 'raised') = (decided_by IS NULL)),
        CONSTRAINT ck_screening_hit_author_does_not_decide
            CHECK (decided_by IS NULL OR decided_by <> ALL (supplier_authors))
    )
    """,
    """
    CREATE UNIQUE INDEX uq_screening_hit_standing ON screening_hit (supplier_id, list, reference)
        WHERE status <> 'cleared'
    """,
    "CREATE INDEX ix_screening_hit_supplier_id ON screening_hit (supplier_id, id)",
    "CREATE INDEX ix_screening_hit_status ON screening_hit (status, id)",
    "CREATE INDEX ix_screening_hit_list ON screening_hit (list, id)",
    "CREATE INDEX ix_screening_hit_score ON screening_hit (score, id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    note_changes_of("screening_hit")
    op.execute("CREATE INDEX ix_screening_hit_changed_in ON screening_hit (changed_in, id)")
