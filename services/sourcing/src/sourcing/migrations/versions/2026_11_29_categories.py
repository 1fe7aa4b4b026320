"""Categories, and what was stated of each; codes in use become categories by the chore that tells of them."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_29_categories"
down_revision = "2026_11_30_questionnaires"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE category (
      id uuid CONSTRAINT pk_category PRIMARY KEY,
      version integer NOT NULL,
      sequence integer NOT NULL,
      code text NOT NULL CONSTRAINT uq_category_code UNIQUE,
      names jsonb NOT NULL,
      parent text CONSTRAINT fk_category_parent_category REFERENCES category (code),
      owner text,
      unspsc text,
      cpv text,
      retired_on date,
      taken_over boolean NOT NULL,
      words text[] NOT NULL,
      CONSTRAINT ck_category_not_in_itself CHECK (parent <> code)
    )
    """,
    "CREATE INDEX ix_category_parent ON category (parent, code)",
    "CREATE INDEX ix_category_owner ON category (owner, code)",
    "CREATE INDEX ix_category_unspsc ON category (unspsc, code)",
    "CREATE INDEX ix_category_cpv ON category (cpv, code)",
    "CREATE INDEX ix_category_retired ON category ((retired_on IS NOT NULL), code)",
    "CREATE INDEX ix_category_taken_over ON category (taken_over, code)",
    "CREATE INDEX ix_category_words ON category USING gin (array_to_tsvector(words))",
    """
    CREATE TABLE category_version (
      category_id uuid NOT NULL CONSTRAINT fk_category_version_category_id_category REFERENCES category (id),
      number integer NOT NULL,
      names jsonb NOT NULL,
      parent text,
      owner text,
      unspsc text,
      cpv text,
      retired_on date,
      change text NOT NULL,
      reason text,
      changed_by text NOT NULL,
      valid_from timestamptz NOT NULL,
      CONSTRAINT pk_category_version PRIMARY KEY (category_id, number)
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    note_changes_of("category")
    op.execute("CREATE INDEX ix_category_changed_in ON category (changed_in, code)")
