"""Requisitions, their lines, to what those are charged, and templates."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_requisitions"
down_revision = "2026_11_30_amendments_found"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLES = (
    "CREATE SEQUENCE requisition_number",
    """
    CREATE TABLE requisition (
      id uuid CONSTRAINT pk_requisition PRIMARY KEY,
      version integer NOT NULL,
      sequence integer NOT NULL,
      serial_number bigint NOT NULL DEFAULT nextval('requisition_number')
        CONSTRAINT uq_requisition_serial_number UNIQUE,
      status text NOT NULL CONSTRAINT ck_requisition_status CHECK (status IN (
        'draft', 'submitted', 'in_approval', 'approved', 'sourcing', 'ordered', 'closed', 'rejected',
        'returned', 'withdrawn')),
      title text NOT NULL,
      business_unit text NOT NULL,
      currency text NOT NULL,
      total numeric NOT NULL CONSTRAINT ck_requisition_total CHECK (total >= 0),
      justification text,
      requested_for text,
      authors text[] NOT NULL DEFAULT '{}',
      created_by text NOT NULL,
      created_at timestamptz NOT NULL,
      copied_from uuid CONSTRAINT fk_requisition_copied_from_requisition REFERENCES requisition,
      template text,
      submitted_by text,
      submitted_at timestamptz,
      deciders text[] NOT NULL DEFAULT '{}',
      return_reason text,
      withdrawn_by text,
      withdrawn_at timestamptz,
      CONSTRAINT ck_requisition_authors_do_not_decide CHECK (NOT (authors && deciders)),
      CONSTRAINT ck_requisition_submitted CHECK ((submitted_by IS NULL) = (submitted_at IS NULL)),
      CONSTRAINT ck_requisition_withdrawn CHECK ((withdrawn_by IS NULL) = (status <> 'withdrawn'))
    )
    """,
    "CREATE INDEX ix_requisition_status_id ON requisition (status, id)",
    "CREATE INDEX ix_requisition_business_unit_id ON requisition (business_unit, id)",
    "CREATE INDEX ix_requisition_created_by_id ON requisition (created_by, id)",
    """
    CREATE TABLE requisition_line (
      requisition_id uuid NOT NULL CONSTRAINT fk_requisition_line_requisition_id_requisition
        REFERENCES requisition ON DELETE CASCADE,
      line_number integer NOT NULL CONSTRAINT ck_requisition_line_number CHECK (line_number > 0),
      kind text NOT NULL
        CONSTRAINT ck_requisition_line_kind CHECK (kind IN ('item', 'free_text', 'service')),
      item text,
      description text NOT NULL,
      category text NOT NULL,
      quantity numeric NOT NULL,
      unit text NOT NULL,
      need_by date NOT NULL,
      site text NOT NULL CONSTRAINT fk_requisition_line_site_site REFERENCES site,
      price numeric NOT NULL,
      price_base_quantity numeric NOT NULL,
      price_source text NOT NULL CONSTRAINT ck_requisition_line_price_source CHECK (
        price_source IN ('estimate', 'last_paid', 'catalogue', 'quote', 'agreement')),
      amount numeric NOT NULL CONSTRAINT ck_requisition_line_amount CHECK (amount >= 0),
      supplier_id uuid CONSTRAINT fk_requisition_line_supplier_id_supplier REFERENCES supplier,
      justification text,
      status text NOT NULL CONSTRAINT ck_requisition_line_status CHECK (
        status IN ('pending', 'approved', 'rejected', 'cancelled', 'closed_short')),
      ordered_quantity numeric NOT NULL DEFAULT 0,
      delivered_quantity numeric NOT NULL DEFAULT 0,
      decided_by text,
      decided_at timestamptz,
      decision_reason text,
      closed_by text,
      closed_on date,
      close_reason text,
      sourcing_reason text,
      sourcing_since timestamptz,
      CONSTRAINT pk_requisition_line PRIMARY KEY (requisition_id, line_number),
      CONSTRAINT ck_requisition_line_item CHECK ((kind = 'item') = (item IS NOT NULL)),
      CONSTRAINT ck_requisition_line_quantity CHECK (quantity > 0 AND scale(quantity) <= 6),
      CONSTRAINT ck_requisition_line_price
        CHECK (price >= 0 AND scale(price) <= 6 AND price_base_quantity > 0),
      CONSTRAINT ck_requisition_line_ordered CHECK (ordered_quantity BETWEEN 0 AND quantity),
      CONSTRAINT ck_requisition_line_approved_before_ordered
        CHECK (ordered_quantity = 0 OR status IN ('approved', 'closed_short')),
      CONSTRAINT ck_requisition_line_delivered CHECK (delivered_quantity BETWEEN 0 AND ordered_quantity),
      CONSTRAINT ck_requisition_line_decided CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
      CONSTRAINT ck_requisition_line_approved
        CHECK (status NOT IN ('approved', 'closed_short') OR decided_by IS NOT NULL),
      CONSTRAINT ck_requisition_line_closed CHECK (
        (status IN ('cancelled', 'closed_short')) = (closed_on IS NOT NULL)
        AND num_nulls(closed_on, closed_by, close_reason) IN (0, 3)),
      CONSTRAINT ck_requisition_line_sourcing CHECK (sourcing_since IS NULL OR sourcing_reason IS NOT NULL)
    )
    """,
    "CREATE INDEX ix_requisition_line_category ON requisition_line (category, requisition_id)",
    """
    CREATE INDEX ix_requisition_line_item ON requisition_line (item, requisition_id) WHERE item IS NOT NULL
    """,
    """
    CREATE TABLE requisition_assignment (
      requisition_id uuid NOT NULL,
      line_number integer NOT NULL,
      place integer NOT NULL CONSTRAINT ck_requisition_assignment_place CHECK (place > 0),
      cost_centre text NOT NULL,
      project text,
      share numeric NOT NULL CONSTRAINT ck_requisition_assignment_share CHECK (share > 0 AND share <= 100),
      amount numeric NOT NULL CONSTRAINT ck_requisition_assignment_amount CHECK (amount >= 0),
      CONSTRAINT pk_requisition_assignment PRIMARY KEY (requisition_id, line_number, place),
      CONSTRAINT fk_requisition_assignment_requisition_id_requisition_line
        FOREIGN KEY (requisition_id, line_number) REFERENCES requisition_line ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_requisition_assignment_cost_centre ON requisition_assignment (cost_centre, requisition_id)
    """,
    """
    CREATE TABLE requisition_template (
      code text CONSTRAINT pk_requisition_template PRIMARY KEY,
      version integer NOT NULL,
      name text NOT NULL,
      content jsonb NOT NULL
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    note_changes_of("requisition")
    note_changes_of("requisition_template")
