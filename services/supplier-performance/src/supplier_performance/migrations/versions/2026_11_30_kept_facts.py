"""What events tell of prices, shipments, qualifications, documents and risk is kept for facts."""

from alembic import op

revision = "2026_11_30_kept_facts"
down_revision = "2026_11_30_kpis"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE ordered_price (
      order_id uuid,
      line_number integer,
      sequence integer,
      price numeric NOT NULL CONSTRAINT ck_ordered_price_price CHECK (price >= 0),
      price_base_quantity numeric NOT NULL
        CONSTRAINT ck_ordered_price_price_base_quantity CHECK (price_base_quantity > 0),
      quantity numeric NOT NULL CONSTRAINT ck_ordered_price_quantity CHECK (quantity > 0),
      CONSTRAINT pk_ordered_price PRIMARY KEY (order_id, line_number, sequence)
    )
    """,
    """
    CREATE TABLE shipped_line (
      order_id uuid,
      shipment_id uuid,
      line_number integer,
      sequence integer NOT NULL,
      despatch_reference text NOT NULL,
      shipped_on date NOT NULL,
      expected_on date NOT NULL,
      quantity numeric NOT NULL CONSTRAINT ck_shipped_line_quantity CHECK (quantity > 0),
      by_supplier boolean NOT NULL,
      event_id uuid NOT NULL,
      event_type text NOT NULL,
      known_at timestamptz NOT NULL,
      CONSTRAINT pk_shipped_line PRIMARY KEY (order_id, shipment_id, line_number)
    )
    """,
    """
    CREATE TABLE shipment_change (
      order_id uuid,
      sequence integer,
      shipment_id uuid NOT NULL,
      known_at timestamptz NOT NULL,
      expected_on date,
      cancelled_on date,
      CONSTRAINT pk_shipment_change PRIMARY KEY (order_id, sequence),
      CONSTRAINT ck_shipment_change_either CHECK ((expected_on IS NULL) <> (cancelled_on IS NULL))
    )
    """,
    "CREATE INDEX ix_shipment_change_shipment_id ON shipment_change (order_id, shipment_id)",
    """
    CREATE TABLE shipment_receipt (
      order_id uuid,
      sequence integer,
      receipt_id uuid NOT NULL,
      shipment_id uuid,
      CONSTRAINT pk_shipment_receipt PRIMARY KEY (order_id, sequence)
    )
    """,
    "CREATE INDEX ix_shipment_receipt_receipt_id ON shipment_receipt (order_id, receipt_id)",
    """
    CREATE TABLE qualification_step (
      supplier_id uuid,
      sequence integer,
      happened_on date NOT NULL,
      case_id uuid NOT NULL,
      case_number text NOT NULL,
      category text NOT NULL,
      region text,
      made_at text,
      step text NOT NULL
        CONSTRAINT ck_qualification_step_step CHECK (
          step IN ('invited', 'returned', 'submitted', 'withdrawn', 'qualified', 'conditioned', 'rejected',
                   'expired')
        ),
      valid_until date,
      result numeric,
      event_id uuid NOT NULL,
      event_type text NOT NULL,
      known_at timestamptz NOT NULL,
      CONSTRAINT pk_qualification_step PRIMARY KEY (supplier_id, sequence),
      CONSTRAINT ck_qualification_step_valid_until
        CHECK (step NOT IN ('qualified', 'conditioned') OR valid_until IS NOT NULL)
    )
    """,
    """
    CREATE INDEX ix_qualification_step_decided ON qualification_step (supplier_id, category)
    WHERE step IN ('qualified', 'conditioned', 'rejected')
    """,
    """
    CREATE TABLE document_step (
      supplier_id uuid,
      sequence integer,
      happened_on date NOT NULL,
      document_id uuid NOT NULL,
      document_type text NOT NULL,
      made_at text,
      step text NOT NULL
        CONSTRAINT ck_document_step_step
          CHECK (step IN ('submitted', 'accepted', 'refused', 'withdrawn', 'expired')),
      valid_from date NOT NULL,
      valid_until date,
      event_id uuid NOT NULL,
      event_type text NOT NULL,
      known_at timestamptz NOT NULL,
      CONSTRAINT pk_document_step PRIMARY KEY (supplier_id, sequence)
    )
    """,
    """
    CREATE INDEX ix_document_step_accepted ON document_step (supplier_id, document_type)
    WHERE step = 'accepted'
    """,
    """
    CREATE TABLE risk_assessment (
      supplier_id uuid,
      sequence integer,
      happened_on date NOT NULL,
      assessment integer NOT NULL,
      level text,
      former_level text,
      overall numeric,
      share_known integer NOT NULL,
      event_id uuid NOT NULL,
      event_type text NOT NULL,
      known_at timestamptz NOT NULL,
      CONSTRAINT pk_risk_assessment PRIMARY KEY (supplier_id, sequence)
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
