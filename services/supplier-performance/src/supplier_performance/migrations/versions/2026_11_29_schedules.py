"""A line may be due in parts, and on another day than it is needed: first and last promised days are kept."""

from alembic import op

revision = "2026_11_29_schedules"
down_revision = "2026_11_29_dispensed_lines_hold"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE order_line
          ADD COLUMN need_by date,
          ADD COLUMN first_promised_on date,
          ADD COLUMN last_promised_on date,
          ADD COLUMN scheduled boolean NOT NULL DEFAULT false
        """
    )
    op.execute(
        """
        CREATE TABLE order_schedule (
          order_id uuid,
          line_number integer,
          schedule_number integer,
          supplier_id uuid NOT NULL,
          quantity numeric NOT NULL CONSTRAINT ck_order_schedule_quantity CHECK (quantity > 0),
          need_by date NOT NULL,
          promised_on date NOT NULL,
          first_promised_on date,
          last_promised_on date,
          from_quantity numeric NOT NULL DEFAULT 0,
          to_quantity numeric,
          rejected_quantity numeric NOT NULL DEFAULT 0,
          completed_on date,
          in_full_on date,
          CONSTRAINT pk_order_schedule PRIMARY KEY (order_id, line_number, schedule_number),
          CONSTRAINT fk_order_schedule_order_id_order_line
            FOREIGN KEY (order_id, line_number) REFERENCES order_line (order_id, line_number)
        )
        """
    )
    op.execute("CREATE INDEX ix_order_schedule_supplier ON order_schedule (supplier_id, promised_on)")
    op.execute("CREATE INDEX ix_order_schedule_promised_on ON order_schedule (promised_on)")
