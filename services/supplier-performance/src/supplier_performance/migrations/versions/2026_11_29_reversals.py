"""What was received may be taken back."""

from alembic import op

revision = "2026_11_29_reversals"
down_revision = "2026_11_29_rejected_goods"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE reversed_line (
          order_id uuid,
          line_number integer,
          sequence integer,
          received_on date NOT NULL,
          quantity numeric NOT NULL CONSTRAINT ck_reversed_line_quantity CHECK (quantity > 0),
          rejected_quantity numeric NOT NULL
            CONSTRAINT ck_reversed_line_rejected_quantity CHECK (rejected_quantity BETWEEN 0 AND quantity),
          refused_for_good_quantity numeric NOT NULL CONSTRAINT ck_reversed_line_refused_for_good_quantity
            CHECK (refused_for_good_quantity BETWEEN 0 AND rejected_quantity),
          CONSTRAINT pk_reversed_line PRIMARY KEY (order_id, line_number, sequence),
          CONSTRAINT fk_reversed_line_order_id_order_line
            FOREIGN KEY (order_id, line_number) REFERENCES order_line (order_id, line_number)
        )
        """
    )
