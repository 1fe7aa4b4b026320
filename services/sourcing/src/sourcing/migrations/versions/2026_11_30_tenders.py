"""Tenders: what is asked of whom, by whom of ours, with the key that its bids are sealed for."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_tenders"
down_revision = "2026_11_30_changes_found"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLES = (
    "CREATE SEQUENCE tender_number",
    """
    CREATE TABLE tender (
      id uuid CONSTRAINT pk_tender PRIMARY KEY,
      version integer NOT NULL,
      sequence integer NOT NULL,
      authors text[] NOT NULL DEFAULT '{}',
      serial_number bigint NOT NULL DEFAULT nextval('tender_number')
        CONSTRAINT uq_tender_serial_number UNIQUE,
      status text NOT NULL CONSTRAINT ck_tender_status CHECK
        (status IN ('draft', 'in_approval', 'published', 'closed', 'opened', 'cancelled')),
      kind text NOT NULL CONSTRAINT ck_tender_kind CHECK
        (kind IN ('rfi', 'rfq', 'rfp', 'auction', 'quick_quote')),
      open_to_all boolean NOT NULL,
      openers_needed integer NOT NULL CONSTRAINT ck_tender_openers_needed CHECK (openers_needed > 0),
      title text NOT NULL,
      categories text[] NOT NULL,
      content jsonb NOT NULL,
      edition integer NOT NULL,
      amendment jsonb,
      amendment_why text,
      amendment_authors text[] NOT NULL DEFAULT '{}',
      returned_reason text,
      created_by text NOT NULL,
      created_at timestamptz NOT NULL,
      published_by text,
      published_at timestamptz,
      closes_at timestamptz,
      closed_at timestamptz,
      opened_at timestamptz,
      cancelled_reason text,
      bids integer NOT NULL,
      enquiries_answered integer NOT NULL,
      CONSTRAINT ck_tender_published CHECK ((edition > 0) = (published_at IS NOT NULL)),
      CONSTRAINT ck_tender_closes CHECK (edition = 0 OR closes_at IS NOT NULL),
      CONSTRAINT ck_tender_amendment CHECK (num_nonnulls(amendment, amendment_why) IN (0, 2)),
      CONSTRAINT ck_tender_cancelled CHECK ((status = 'cancelled') = (cancelled_reason IS NOT NULL)),
      CONSTRAINT ck_tender_published_by_another CHECK (published_by IS NULL OR published_by <> ALL (authors))
    )
    """,
    "CREATE INDEX ix_tender_status_id ON tender (status, id)",
    "CREATE INDEX ix_tender_kind_id ON tender (kind, id)",
    "CREATE INDEX ix_tender_closes_at_id ON tender (closes_at, id)",
    """
    CREATE TABLE tender_version (
      tender_id uuid CONSTRAINT fk_tender_version_tender_id_tender REFERENCES tender (id),
      edition integer CONSTRAINT ck_tender_version_edition CHECK (edition > 0),
      content jsonb NOT NULL,
      closes_at timestamptz NOT NULL,
      why text,
      authors text[] NOT NULL,
      published_by text NOT NULL,
      published_at timestamptz NOT NULL,
      CONSTRAINT pk_tender_version PRIMARY KEY (tender_id, edition),
      CONSTRAINT ck_tender_version_published_by_another CHECK
        (published_by IS NULL OR published_by <> ALL (authors))
    )
    """,
    """
    CREATE TABLE tender_member (
      tender_id uuid CONSTRAINT fk_tender_member_tender_id_tender REFERENCES tender (id),
      person text,
      roles text[] NOT NULL CONSTRAINT ck_tender_member_roles CHECK (cardinality(roles) > 0),
      named_by text NOT NULL,
      declared_at timestamptz,
      conflict text,
      opening_key bytea,
      CONSTRAINT pk_tender_member PRIMARY KEY (tender_id, person),
      CONSTRAINT ck_tender_member_conflict CHECK (conflict IS NULL OR declared_at IS NOT NULL)
    )
    """,
    "CREATE INDEX ix_tender_member_person ON tender_member (person, tender_id)",
    """
    CREATE TABLE tender_bidder (
      tender_id uuid CONSTRAINT fk_tender_bidder_tender_id_tender REFERENCES tender (id),
      supplier_id uuid CONSTRAINT fk_tender_bidder_supplier_id_supplier REFERENCES supplier (id),
      invited_by text,
      admitted_at timestamptz NOT NULL,
      exception_reason text,
      confirmed_edition integer,
      confirmed_at timestamptz,
      CONSTRAINT pk_tender_bidder PRIMARY KEY (tender_id, supplier_id),
      CONSTRAINT ck_tender_bidder_exception CHECK (exception_reason IS NULL OR invited_by IS NOT NULL)
    )
    """,
    "CREATE INDEX ix_tender_bidder_supplier_id ON tender_bidder (supplier_id, tender_id)",
    """
    CREATE TABLE tender_enquiry (
      id uuid CONSTRAINT pk_tender_enquiry PRIMARY KEY,
      tender_id uuid NOT NULL CONSTRAINT fk_tender_enquiry_tender_id_tender REFERENCES tender (id),
      supplier_id uuid NOT NULL CONSTRAINT fk_tender_enquiry_supplier_id_supplier REFERENCES supplier (id),
      question text NOT NULL,
      asked_by text NOT NULL,
      asked_at timestamptz NOT NULL,
      number integer,
      told_as text,
      answer text,
      answered_by text,
      answered_at timestamptz,
      CONSTRAINT ck_tender_enquiry_answered_wholly CHECK
        (num_nonnulls(answer, answered_by, answered_at) IN (0, 3))
    )
    """,
    "CREATE INDEX ix_tender_enquiry_tender_id ON tender_enquiry (tender_id, id)",
    """
    CREATE TABLE tender_opening (
      tender_id uuid CONSTRAINT pk_tender_opening PRIMARY KEY,
      public_key bytea NOT NULL,
      needed integer NOT NULL CONSTRAINT ck_tender_opening_needed CHECK (needed > 0)
    )
    """,
    """
    CREATE TABLE tender_opening_share (
      tender_id uuid CONSTRAINT fk_tender_opening_share_tender_id_tender_opening
        REFERENCES tender_opening (tender_id),
      person text,
      sealed bytea NOT NULL,
      digest bytea NOT NULL,
      given bytea,
      given_at timestamptz,
      CONSTRAINT pk_tender_opening_share PRIMARY KEY (tender_id, person),
      CONSTRAINT ck_tender_opening_share_given CHECK (given IS NULL OR given_at IS NOT NULL)
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    note_changes_of("tender")
    op.execute("CREATE INDEX ix_tender_changed_in ON tender (changed_in, id)")
