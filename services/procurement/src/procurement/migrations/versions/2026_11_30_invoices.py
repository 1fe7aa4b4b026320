"""Invoices of suppliers, with their lines and their originals, which nobody changes."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_invoices"
down_revision = "2026_11_30_requisition_orders"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

STATUSES = (
    "'received', 'checked', 'matching', 'matched', 'exception', 'approved', 'scheduled', 'paid', 'rejected', "
    "'cancelled'"
)
TABLES = (
    "CREATE SEQUENCE supplier_invoice_number",
    f"""
    CREATE TABLE supplier_invoice (
      id uuid CONSTRAINT pk_supplier_invoice PRIMARY KEY,
      version integer NOT NULL,
      sequence integer NOT NULL,
      authors text[] NOT NULL DEFAULT '{{}}',
      serial_number bigint NOT NULL DEFAULT nextval('supplier_invoice_number')
        CONSTRAINT uq_supplier_invoice_serial_number UNIQUE,
      status text NOT NULL CONSTRAINT ck_supplier_invoice_status CHECK (status IN ({STATUSES})),
      is_credit_note boolean NOT NULL,
      supplier_id uuid NOT NULL CONSTRAINT fk_supplier_invoice_supplier_id_supplier REFERENCES supplier,
      number text NOT NULL,
      number_key text NOT NULL,
      syntax text NOT NULL CONSTRAINT ck_supplier_invoice_syntax CHECK (syntax IN ('ubl', 'cii', 'stated')),
      type_code text,
      issued_on date NOT NULL,
      due_on date,
      currency text NOT NULL,
      order_number text,
      buyer_reference text,
      payment_terms text,
      preceding_number text,
      preceding_id uuid
        CONSTRAINT fk_supplier_invoice_preceding_id_supplier_invoice REFERENCES supplier_invoice,
      lines_total numeric,
      net numeric NOT NULL,
      tax numeric NOT NULL,
      gross numeric NOT NULL,
      prepaid numeric,
      rounding numeric,
      payable numeric NOT NULL,
      credited numeric NOT NULL DEFAULT 0,
      breakdown jsonb,
      adjustments jsonb,
      violations jsonb,
      possible_duplicates uuid[] NOT NULL DEFAULT '{{}}',
      sender_id uuid,
      received_on date NOT NULL,
      received_at timestamptz NOT NULL,
      received_by text NOT NULL,
      approved_by text,
      approved_at timestamptz,
      rejected_by text,
      rejected_at timestamptz,
      rejection_reason text,
      rejection_reason_for_supplier text,
      CONSTRAINT ck_supplier_invoice_number CHECK (number <> '' AND number_key <> ''),
      CONSTRAINT ck_supplier_invoice_preceding CHECK (preceding_id IS NULL OR is_credit_note),
      CONSTRAINT ck_supplier_invoice_credited CHECK (credited >= 0 AND (credited = 0 OR credited <= gross)),
      CONSTRAINT ck_supplier_invoice_rejected CHECK ((status = 'rejected') = (rejected_by IS NOT NULL)),
      CONSTRAINT ck_supplier_invoice_rejection_reason
        CHECK (num_nulls(rejected_by, rejected_at, rejection_reason) IN (0, 3)),
      CONSTRAINT ck_supplier_invoice_approved CHECK (num_nulls(approved_by, approved_at) IN (0, 2)),
      CONSTRAINT ck_supplier_invoice_paid_after_approval
        CHECK (status NOT IN ('approved', 'scheduled', 'paid') OR approved_by IS NOT NULL),
      CONSTRAINT ck_supplier_invoice_author_does_not_approve
        CHECK (approved_by IS NULL OR approved_by <> ALL (authors))
    )
    """,
    """
    CREATE UNIQUE INDEX uq_supplier_invoice_number
      ON supplier_invoice (supplier_id, number_key, is_credit_note) WHERE status <> 'rejected'
    """,
    "CREATE INDEX ix_supplier_invoice_supplier_id_id ON supplier_invoice (supplier_id, id)",
    "CREATE INDEX ix_supplier_invoice_status_id ON supplier_invoice (status, id)",
    "CREATE INDEX ix_supplier_invoice_number_id ON supplier_invoice (number, id)",
    "CREATE INDEX ix_supplier_invoice_order_number_id ON supplier_invoice (order_number, id)",
    "CREATE INDEX ix_supplier_invoice_issued_on_id ON supplier_invoice (issued_on, id)",
    "CREATE INDEX ix_supplier_invoice_due_on_id ON supplier_invoice (due_on, id) WHERE due_on IS NOT NULL",
    """
    CREATE INDEX ix_supplier_invoice_preceding_id
      ON supplier_invoice (preceding_id) WHERE preceding_id IS NOT NULL
    """,
    """
    CREATE TABLE supplier_invoice_original (
      invoice_id uuid CONSTRAINT pk_supplier_invoice_original PRIMARY KEY
        CONSTRAINT fk_supplier_invoice_original_invoice_id_supplier_invoice REFERENCES supplier_invoice,
      media_type text NOT NULL,
      sha256 bytea NOT NULL,
      content bytea NOT NULL,
      CONSTRAINT ck_supplier_invoice_original_sha256 CHECK (sha256 = sha256(content))
    )
    """,
    """
    CREATE TABLE supplier_invoice_line (
      invoice_id uuid
        CONSTRAINT fk_supplier_invoice_line_invoice_id_supplier_invoice REFERENCES supplier_invoice,
      position integer,
      number text,
      quantity numeric NOT NULL,
      unit text,
      net_amount numeric NOT NULL,
      price numeric,
      base_quantity numeric,
      tax_category text,
      tax_rate numeric,
      name text,
      description text,
      buyers_item text,
      sellers_item text,
      standard_item text,
      order_number text,
      order_line text,
      despatch_advice text,
      adjustments jsonb,
      CONSTRAINT pk_supplier_invoice_line PRIMARY KEY (invoice_id, position),
      CONSTRAINT ck_supplier_invoice_line_position CHECK (position > 0)
    )
    """,
    """
    CREATE FUNCTION stays_as_it_came() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'the original of an invoice stays as it came';
    END $$
    """,
    """
    CREATE TRIGGER stays_as_it_came BEFORE UPDATE OR DELETE ON supplier_invoice_original
      FOR EACH ROW EXECUTE FUNCTION stays_as_it_came()
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    note_changes_of("supplier_invoice")
    op.execute("CREATE INDEX ix_supplier_invoice_changed_in ON supplier_invoice (changed_in, id)")
