"""What of requisitions is on which order."""

from alembic import op

revision = "2026_11_30_requisition_orders"
down_revision = "2026_11_30_people_hold"
release = "0.1.0"
phase = "before"

STATEMENTS = (
    """
    CREATE TABLE requisition_order_line (
      order_id uuid NOT NULL CONSTRAINT fk_requisition_order_line_order_id_purchase_order
        REFERENCES purchase_order,
      order_line_number integer NOT NULL
        CONSTRAINT ck_requisition_order_line_number CHECK (order_line_number > 0),
      order_number text NOT NULL,
      requisition_id uuid NOT NULL,
      line_number integer NOT NULL,
      quantity numeric NOT NULL CONSTRAINT ck_requisition_order_line_quantity CHECK (quantity >= 0),
      delivered_quantity numeric NOT NULL DEFAULT 0,
      CONSTRAINT pk_requisition_order_line PRIMARY KEY (order_id, order_line_number),
      CONSTRAINT fk_requisition_order_line_requisition_id_requisition_line
        FOREIGN KEY (requisition_id, line_number) REFERENCES requisition_line,
      CONSTRAINT ck_requisition_order_line_delivered CHECK (delivered_quantity BETWEEN 0 AND quantity)
    )
    """,
    """
    CREATE INDEX ix_requisition_order_line_requisition_id_line_number
      ON requisition_order_line (requisition_id, line_number)
    """,
    "ALTER TABLE purchase_order ADD COLUMN from_requisitions boolean NOT NULL DEFAULT false",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
