"""What was promised of schedules, each promise beside the one before it."""

from alembic import op

revision = "2026_11_29_promises"
down_revision = "2026_11_29_receipt_rules_hold"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE purchase_order_promise (
          order_id uuid,
          line_number integer,
          schedule_number integer,
          nth integer,
          promised_on date NOT NULL,
          moved_from date NOT NULL,
          moved_by text NOT NULL
            CONSTRAINT ck_purchase_order_promise_moved_by CHECK (moved_by IN ('buyer', 'supplier')),
          agreed boolean NOT NULL,
          reason text,
          reason_for_supplier text,
          stated_by text NOT NULL,
          stated_on date NOT NULL,
          stated_at timestamptz NOT NULL,
          CONSTRAINT pk_purchase_order_promise PRIMARY KEY (order_id, line_number, schedule_number, nth),
          CONSTRAINT fk_purchase_order_promise_order_id_purchase_order_line
            FOREIGN KEY (order_id, line_number) REFERENCES purchase_order_line (order_id, line_number),
          CONSTRAINT ck_purchase_order_promise_number CHECK (schedule_number > 0 AND nth > 0),
          CONSTRAINT ck_purchase_order_promise_agreed CHECK (agreed OR moved_by = 'supplier')
        )
        """
    )
