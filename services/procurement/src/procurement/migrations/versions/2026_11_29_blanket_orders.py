"""Blanket orders, and orders that call off of one."""

from alembic import op

revision = "2026_11_29_blanket_orders"
down_revision = "2026_11_29_order_holds_validated"
release = "0.1.0"
phase = "before"

TABLES = (
    "CREATE SEQUENCE blanket_order_number",
    """
    CREATE TABLE blanket_order (
      id uuid CONSTRAINT pk_blanket_order PRIMARY KEY,
      version integer NOT NULL,
      serial_number bigint NOT NULL DEFAULT nextval('blanket_order_number')
        CONSTRAINT uq_blanket_order_serial_number UNIQUE,
      status text NOT NULL CONSTRAINT ck_blanket_order_status
        CHECK (status IN ('draft', 'submitted', 'approved', 'closed')),
      supplier_id uuid NOT NULL CONSTRAINT fk_blanket_order_supplier_id_supplier REFERENCES supplier,
      currency text NOT NULL,
      business_unit text NOT NULL,
      valid_from date NOT NULL,
      valid_to date NOT NULL,
      tolerance numeric NOT NULL
        CONSTRAINT ck_blanket_order_tolerance CHECK (tolerance BETWEEN 0 AND 100),
      value numeric CONSTRAINT ck_blanket_order_value CHECK (value > 0),
      authors text[] NOT NULL DEFAULT '{}',
      created_by text NOT NULL,
      created_at timestamptz NOT NULL,
      submitted_by text,
      submitted_at timestamptz,
      supplier_authors text[],
      approved_by text,
      approved_at timestamptz,
      held_by text,
      held_at timestamptz,
      hold_reason text,
      closed_by text,
      closed_at timestamptz,
      CONSTRAINT ck_blanket_order_validity CHECK (valid_to >= valid_from),
      CONSTRAINT ck_blanket_order_author_does_not_approve
        CHECK (approved_by IS NULL OR approved_by <> ALL (authors)),
      CONSTRAINT ck_blanket_order_supplier_does_not_approve
        CHECK (approved_by IS NULL OR approved_by <> ALL (supplier_authors)),
      CONSTRAINT ck_blanket_order_hold CHECK (
        num_nulls(held_at, held_by, hold_reason) = 0 OR num_nulls(held_at, held_by, hold_reason) = 3
      )
    )
    """,
    "CREATE INDEX ix_blanket_order_supplier_id_id ON blanket_order (supplier_id, id)",
    """
    CREATE TABLE blanket_order_line (
      blanket_order_id uuid NOT NULL CONSTRAINT fk_blanket_order_line_blanket_order_id_blanket_order
        REFERENCES blanket_order ON DELETE CASCADE,
      line_number integer NOT NULL CONSTRAINT ck_blanket_order_line_number CHECK (line_number > 0),
      item text NOT NULL,
      description text NOT NULL,
      category text NOT NULL,
      quantity numeric NOT NULL,
      unit text NOT NULL,
      price numeric NOT NULL,
      price_base_quantity numeric NOT NULL,
      most_quantity numeric NOT NULL,
      called_off_quantity numeric NOT NULL DEFAULT 0,
      CONSTRAINT pk_blanket_order_line PRIMARY KEY (blanket_order_id, line_number),
      CONSTRAINT ck_blanket_order_line_quantity CHECK (quantity > 0 AND most_quantity >= quantity),
      CONSTRAINT ck_blanket_order_line_price CHECK (price >= 0 AND price_base_quantity > 0),
      CONSTRAINT ck_blanket_order_line_called_off CHECK (called_off_quantity BETWEEN 0 AND most_quantity)
    )
    """,
    """
    ALTER TABLE purchase_order ADD COLUMN blanket_order_id uuid
    """,
    """
    ALTER TABLE purchase_order ADD CONSTRAINT fk_purchase_order_blanket_order_id_blanket_order
      FOREIGN KEY (blanket_order_id) REFERENCES blanket_order NOT VALID
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
