"""Promises that were moved are kept one by one: whose move it was, from which day to which."""

from alembic import op

revision = "2026_11_30_moved_promises"
down_revision = "2026_11_29_merged_found"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE moved_promise (
          order_id uuid,
          line_number integer,
          schedule_number integer,
          sequence integer,
          moved_by text NOT NULL
            CONSTRAINT ck_moved_promise_moved_by CHECK (moved_by IN ('buyer', 'supplier')),
          agreed boolean NOT NULL,
          moved_from date NOT NULL,
          promised_on date NOT NULL,
          due_on date NOT NULL,
          CONSTRAINT pk_moved_promise PRIMARY KEY (order_id, line_number, schedule_number, sequence),
          CONSTRAINT fk_moved_promise_order_id_order_line
            FOREIGN KEY (order_id, line_number) REFERENCES order_line (order_id, line_number)
        )
        """
    )
