"""Despatch advices: shipments with their lines, packages and delays, and what was told to be overdue."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_29_shipments"
down_revision = "2026_11_29_open_lines"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLES = (
    "CREATE SEQUENCE shipment_number",
    """
    CREATE TABLE shipment (
      id uuid CONSTRAINT pk_shipment PRIMARY KEY,
      version integer NOT NULL,
      serial_number bigint NOT NULL DEFAULT nextval('shipment_number')
        CONSTRAINT uq_shipment_serial_number UNIQUE,
      status text NOT NULL CONSTRAINT ck_shipment_status
        CHECK (status IN ('notified', 'arrived', 'cancelled')),
      supplier_id uuid NOT NULL CONSTRAINT fk_shipment_supplier_id_supplier REFERENCES supplier,
      site text NOT NULL CONSTRAINT fk_shipment_site_site REFERENCES site,
      despatch_reference text NOT NULL,
      shipped_on date NOT NULL,
      expected_on date NOT NULL,
      first_expected_on date NOT NULL,
      carrier text,
      tracking text,
      notified_by text NOT NULL,
      notified_by_supplier boolean NOT NULL,
      notified_at timestamptz NOT NULL,
      arrived_on date,
      cancelled_on date,
      cancelled_by text,
      cancelled_by_supplier boolean,
      cancellation_reason text,
      cancellation_reason_for_supplier text,
      CONSTRAINT ck_shipment_expected CHECK (expected_on >= shipped_on AND first_expected_on >= shipped_on),
      CONSTRAINT ck_shipment_arrived CHECK ((status = 'arrived') = (arrived_on IS NOT NULL)),
      CONSTRAINT ck_shipment_cancelled CHECK (
        num_nulls(cancelled_on, cancelled_by, cancelled_by_supplier, cancellation_reason) IN (0, 4)
        AND (status <> 'cancelled' OR cancelled_on IS NOT NULL)
      )
    )
    """,
    """
    CREATE UNIQUE INDEX uq_shipment_supplier_id_despatch_reference
      ON shipment (supplier_id, lower(despatch_reference)) WHERE status <> 'cancelled'
    """,
    "CREATE INDEX ix_shipment_supplier_id_id ON shipment (supplier_id, id)",
    "CREATE INDEX ix_shipment_site_id ON shipment (site, id)",
    "CREATE INDEX ix_shipment_status_id ON shipment (status, id)",
    "CREATE INDEX ix_shipment_expected_on_id ON shipment (expected_on, id)",
    "CREATE INDEX ix_shipment_despatch_reference_id ON shipment (lower(despatch_reference), id)",
    """
    CREATE TABLE shipment_line (
      shipment_id uuid CONSTRAINT fk_shipment_line_shipment_id_shipment REFERENCES shipment,
      position integer CONSTRAINT ck_shipment_line_position CHECK (position > 0),
      order_id uuid NOT NULL CONSTRAINT fk_shipment_line_order_id_purchase_order REFERENCES purchase_order,
      line_number integer NOT NULL,
      schedule_number integer,
      quantity numeric NOT NULL
        CONSTRAINT ck_shipment_line_quantity CHECK (quantity > 0 AND scale(quantity) <= 6),
      stated_quantity numeric NOT NULL
        CONSTRAINT ck_shipment_line_stated_quantity CHECK (stated_quantity > 0),
      stated_unit text NOT NULL,
      lots jsonb NOT NULL,
      serials text[] NOT NULL,
      received_quantity numeric NOT NULL DEFAULT 0
        CONSTRAINT ck_shipment_line_received_quantity CHECK (received_quantity >= 0),
      ended_as text CONSTRAINT ck_shipment_line_ended_as CHECK (ended_as IN ('arrived', 'cancelled')),
      ended_on date,
      CONSTRAINT ck_shipment_line_ended CHECK ((ended_as IS NULL) = (ended_on IS NULL)),
      CONSTRAINT pk_shipment_line PRIMARY KEY (shipment_id, position)
    )
    """,
    "CREATE INDEX ix_shipment_line_order_id ON shipment_line (order_id, shipment_id)",
    """
    CREATE TABLE shipment_package (
      shipment_id uuid CONSTRAINT fk_shipment_package_shipment_id_shipment REFERENCES shipment,
      sscc text CONSTRAINT ck_shipment_package_sscc CHECK (sscc ~ '^[0-9]{18}$'),
      contents jsonb NOT NULL,
      CONSTRAINT pk_shipment_package PRIMARY KEY (shipment_id, sscc)
    )
    """,
    "CREATE INDEX ix_shipment_package_sscc ON shipment_package (sscc, shipment_id)",
    """
    CREATE TABLE shipment_delay (
      shipment_id uuid CONSTRAINT fk_shipment_delay_shipment_id_shipment REFERENCES shipment,
      nth integer,
      expected_before date NOT NULL,
      expected_on date NOT NULL,
      reason text NOT NULL,
      reason_for_supplier text,
      moved_by text NOT NULL,
      moved_by_supplier boolean NOT NULL,
      moved_at timestamptz NOT NULL,
      CONSTRAINT ck_shipment_delay_moved CHECK (expected_on <> expected_before),
      CONSTRAINT pk_shipment_delay PRIMARY KEY (shipment_id, nth)
    )
    """,
    """
    CREATE TABLE overdue_delivery (
      order_id uuid CONSTRAINT fk_overdue_delivery_order_id_purchase_order REFERENCES purchase_order,
      line_number integer,
      due_on date,
      told_on date NOT NULL,
      told_at timestamptz NOT NULL,
      CONSTRAINT pk_overdue_delivery PRIMARY KEY (order_id, line_number, due_on)
    )
    """,
    """
    CREATE TABLE day_begun (
      site text CONSTRAINT fk_day_begun_site_site REFERENCES site,
      day date,
      begins_at timestamptz NOT NULL,
      looked_through uuid,
      CONSTRAINT pk_day_begun PRIMARY KEY (site, day)
    )
    """,
    "CREATE INDEX ix_day_begun_begins_at ON day_begun (begins_at)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    note_changes_of("shipment")
    op.execute("CREATE INDEX ix_shipment_changed_in ON shipment (changed_in, id)")
