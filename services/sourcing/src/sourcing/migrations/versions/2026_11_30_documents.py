"""Types of documents, the usual ones among them, and the documents of suppliers."""

from alembic import op

revision = "2026_11_30_documents"
down_revision = "2026_11_30_screening"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE document_type (
      id uuid CONSTRAINT pk_document_type PRIMARY KEY,
      version integer NOT NULL,
      code text NOT NULL CONSTRAINT uq_document_type_code UNIQUE,
      name text NOT NULL,
      ends boolean NOT NULL,
      required_in text[] NOT NULL DEFAULT '{}'
    )
    """,
    """
    CREATE TABLE supplier_document (
      id uuid CONSTRAINT pk_supplier_document PRIMARY KEY,
      version integer NOT NULL,
      supplier_id uuid NOT NULL CONSTRAINT fk_supplier_document_supplier_id_supplier REFERENCES supplier (id),
      type text NOT NULL CONSTRAINT fk_supplier_document_type_document_type REFERENCES document_type (code),
      number text,
      issuer text,
      scope text,
      site text,
      valid_from date NOT NULL,
      valid_to date,
      file_id uuid NOT NULL CONSTRAINT fk_supplier_document_file_id_stored_file REFERENCES stored_file (id),
      status text NOT NULL CONSTRAINT ck_supplier_document_status CHECK
        (status IN ('submitted', 'accepted', 'refused', 'replaced', 'withdrawn')),
      authors text[] NOT NULL DEFAULT '{}',
      submitted_by text NOT NULL,
      submitted_at timestamptz NOT NULL,
      by_supplier boolean NOT NULL,
      decided_by text,
      decided_at timestamptz,
      reason text,
      reason_for_supplier text,
      told_days_before integer,
      told_ended_on date,
      CONSTRAINT ck_supplier_document_period CHECK (valid_to >= valid_from),
      CONSTRAINT ck_supplier_document_decided_wholly CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
      CONSTRAINT ck_supplier_document_decided CHECK
        (status IN ('submitted', 'withdrawn') OR decided_by IS NOT NULL),
      CONSTRAINT ck_supplier_document_decided_by_another CHECK
        (decided_by IS NULL OR decided_by <> ALL (authors))
    )
    """,
    "CREATE INDEX ix_supplier_document_supplier_id ON supplier_document (supplier_id, id)",
    "CREATE INDEX ix_supplier_document_type ON supplier_document (type, id)",
    "CREATE INDEX ix_supplier_document_status ON supplier_document (status, id)",
    """
    CREATE INDEX ix_supplier_document_valid_to
      ON supplier_document (coalesce(valid_to, '2100-12-31'::date), id)
    """,
    "CREATE INDEX ix_supplier_document_ends ON supplier_document (valid_to) WHERE status = 'accepted'",
)
USUAL = """
INSERT INTO document_type (id, version, code, name, ends)
SELECT gen_random_uuid(), 1, code, name, ends
FROM (VALUES
  ('iso-9001', 'ISO 9001', true),
  ('iso-14001', 'ISO 14001', true),
  ('iso-45001', 'ISO 45001', true),
  ('sa8000', 'SA8000', true),
  ('insurance', 'Insurance', true),
  ('tax-clearance', 'Tax clearance', true),
  ('code-of-conduct', 'Code of conduct', false)
) AS usual (code, name, ends)
"""


def upgrade() -> None:
    for statement in (*TABLES, USUAL):
        op.execute(statement)
