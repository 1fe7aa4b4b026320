"""Needs as they were said at the door, and the way that they were told."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_intake"
down_revision = "2026_11_30_requisition_hold"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

STATEMENTS = (
    "ALTER TABLE requisition ADD COLUMN sourcing_route text",
    "CREATE SEQUENCE need_number",
    """
    CREATE TABLE need (
      id uuid CONSTRAINT pk_need PRIMARY KEY,
      version integer NOT NULL,
      serial_number bigint NOT NULL DEFAULT nextval('need_number')
        CONSTRAINT uq_need_serial_number UNIQUE,
      title text NOT NULL,
      kind text NOT NULL CONSTRAINT ck_need_kind CHECK (kind IN ('item', 'free_text', 'service')),
      item text,
      category text NOT NULL,
      quantity numeric NOT NULL,
      unit text NOT NULL,
      value numeric NOT NULL,
      currency text NOT NULL,
      need_by date NOT NULL,
      site text NOT NULL CONSTRAINT fk_need_site_site REFERENCES site,
      business_unit text NOT NULL,
      cost_centre text NOT NULL,
      supplier_id uuid CONSTRAINT fk_need_supplier_id_supplier REFERENCES supplier,
      requested_for text,
      created_by text NOT NULL,
      created_at timestamptz NOT NULL,
      route text NOT NULL CONSTRAINT ck_need_route CHECK (route IN (
        'call_off', 'catalogue', 'three_quotes', 'tender', 'qualify_supplier', 'refused')),
      rule text,
      reasons text[] NOT NULL,
      table_version integer NOT NULL,
      blanket_order_id uuid CONSTRAINT fk_need_blanket_order_id_blanket_order REFERENCES blanket_order,
      blanket_line_number integer,
      started_by text,
      started_at timestamptz,
      requisition_id uuid CONSTRAINT fk_need_requisition_id_requisition REFERENCES requisition,
      order_id uuid CONSTRAINT fk_need_order_id_purchase_order REFERENCES purchase_order,
      CONSTRAINT ck_need_item CHECK ((kind = 'item') = (item IS NOT NULL)),
      CONSTRAINT ck_need_quantity CHECK (quantity > 0 AND value >= 0),
      CONSTRAINT ck_need_started_once CHECK (num_nonnulls(requisition_id, order_id) <= 1),
      CONSTRAINT ck_need_started CHECK (
        (started_by IS NOT NULL) = (num_nonnulls(requisition_id, order_id) = 1)
        AND (started_by IS NULL OR route <> 'refused'))
    )
    """,
    "CREATE INDEX ix_need_route_id ON need (route, id)",
    "CREATE INDEX ix_need_category_id ON need (category, id)",
    "CREATE INDEX ix_need_created_by_id ON need (created_by, id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    note_changes_of("need")
