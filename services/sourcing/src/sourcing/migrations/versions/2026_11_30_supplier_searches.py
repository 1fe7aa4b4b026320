"""Questions to the list of suppliers that people keep."""

from alembic import op

revision = "2026_11_30_supplier_searches"
down_revision = "2026_11_30_owners_and_tags_index"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE supplier_search (
      id uuid CONSTRAINT pk_supplier_search PRIMARY KEY,
      version integer NOT NULL,
      owner text NOT NULL,
      name text NOT NULL,
      name_key text COLLATE "C" NOT NULL,
      shared boolean NOT NULL,
      filters jsonb NOT NULL,
      sort text,
      saved_at timestamptz NOT NULL,
      CONSTRAINT uq_supplier_search_owner_name_key UNIQUE (owner, name_key)
    )
    """,
    "CREATE INDEX ix_supplier_search_owner_id ON supplier_search (owner, id)",
    "CREATE INDEX ix_supplier_search_shared_id ON supplier_search (shared, id)",
    "CREATE INDEX ix_supplier_search_name ON supplier_search (name_key, id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
