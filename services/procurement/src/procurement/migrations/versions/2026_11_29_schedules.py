"""Order lines may be wanted in parts, each with its own day."""

from alembic import op

revision = "2026_11_29_schedules"
down_revision = "2026_11_29_reversals_hold"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE purchase_order_schedule (
          order_id uuid,
          line_number integer,
          schedule_number integer CONSTRAINT ck_purchase_order_schedule_number CHECK (schedule_number > 0),
          quantity numeric NOT NULL
            CONSTRAINT ck_purchase_order_schedule_quantity CHECK (quantity > 0 AND scale(quantity) <= 6),
          need_by date NOT NULL,
          CONSTRAINT pk_purchase_order_schedule PRIMARY KEY (order_id, line_number, schedule_number),
          CONSTRAINT fk_purchase_order_schedule_order_id_purchase_order_line
            FOREIGN KEY (order_id, line_number) REFERENCES purchase_order_line (order_id, line_number)
            ON DELETE CASCADE
        )
        """
    )
