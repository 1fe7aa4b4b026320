"""Files that people send: their records, the bytes being elsewhere."""

from alembic import op

revision = "2026_11_29_files"
down_revision = "2026_11_29_categories"
release = "0.1.0"
phase = "before"

FILES = (
    """
    CREATE TABLE stored_file (
      id uuid CONSTRAINT pk_stored_file PRIMARY KEY,
      version integer NOT NULL,
      status text NOT NULL CONSTRAINT ck_stored_file_status CHECK (status IN ('arriving', 'kept', 'deleted')),
      name text NOT NULL,
      media_type text NOT NULL,
      size bigint NOT NULL,
      sha256 bytea NOT NULL,
      supplier_id uuid CONSTRAINT fk_stored_file_supplier_id_supplier REFERENCES supplier (id),
      uploaded_by text NOT NULL,
      uploaded_at timestamptz NOT NULL,
      claimed_at timestamptz,
      deleted_at timestamptz,
      deleted_by text,
      delete_reason text,
      bytes_removed_at timestamptz,
      CONSTRAINT ck_stored_file_deleted CHECK ((status = 'deleted') = (deleted_at IS NOT NULL)),
      CONSTRAINT ck_stored_file_deleted_wholly CHECK
        (num_nonnulls(deleted_at, deleted_by, delete_reason) IN (0, 3)),
      CONSTRAINT ck_stored_file_bytes_removed CHECK (bytes_removed_at IS NULL OR status = 'deleted'),
      CONSTRAINT ck_stored_file_content CHECK (size > 0 AND length(sha256) = 32)
    )
    """,
    """
    CREATE INDEX ix_stored_file_waiting ON stored_file (uploaded_at)
      WHERE claimed_at IS NULL AND status <> 'deleted'
    """,
    """
    CREATE INDEX ix_stored_file_to_remove ON stored_file (deleted_at)
      WHERE status = 'deleted' AND bytes_removed_at IS NULL
    """,
    "CREATE INDEX ix_stored_file_supplier_id ON stored_file (supplier_id)",
)


def upgrade() -> None:
    for statement in FILES:
        op.execute(statement)
