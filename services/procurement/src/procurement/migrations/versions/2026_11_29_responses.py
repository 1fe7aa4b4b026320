"""What suppliers answered to versions, what was decided of it, and which answers are overdue."""

from alembic import op

revision = "2026_11_29_responses"
down_revision = "2026_11_29_order_amounts_hold"
release = "0.1.0"
phase = "before"

TABLES = (
    """
    CREATE TABLE purchase_order_response (
      id uuid CONSTRAINT pk_purchase_order_response PRIMARY KEY,
      order_id uuid NOT NULL
        CONSTRAINT fk_purchase_order_response_order_id_purchase_order REFERENCES purchase_order,
      version integer NOT NULL,
      nth integer NOT NULL,
      reply text NOT NULL CONSTRAINT ck_purchase_order_response_reply
        CHECK (reply IN ('accepted', 'accepted_with_changes', 'rejected')),
      supplier_reference text,
      reason text,
      by_supplier boolean NOT NULL,
      answered_by text NOT NULL,
      answered_on date NOT NULL,
      answered_at timestamptz NOT NULL,
      amendment_id uuid,
      CONSTRAINT uq_purchase_order_response_order_id UNIQUE (order_id, version, nth),
      CONSTRAINT ck_purchase_order_response_number CHECK (version > 0 AND nth > 0),
      CONSTRAINT ck_purchase_order_response_rejected CHECK (reply <> 'rejected' OR reason IS NOT NULL)
    )
    """,
    """
    CREATE TABLE purchase_order_response_change (
      response_id uuid CONSTRAINT fk_purchase_order_response_change_response_id
        REFERENCES purchase_order_response,
      number integer,
      line_number integer NOT NULL,
      schedule_number integer,
      field text NOT NULL CONSTRAINT ck_purchase_order_response_change_field
        CHECK (field IN ('promised_on', 'quantity', 'price', 'substitute')),
      before text NOT NULL,
      after text NOT NULL,
      description text,
      reason text,
      decision text CONSTRAINT ck_purchase_order_response_change_decision
        CHECK (decision IN ('taken', 'refused', 'lapsed')),
      decided_by text,
      decided_at timestamptz,
      decision_reason text,
      decision_reason_for_supplier text,
      CONSTRAINT pk_purchase_order_response_change PRIMARY KEY (response_id, number),
      CONSTRAINT ck_purchase_order_response_change_decided CHECK (
        num_nulls(decision, decided_by, decided_at) = 3 OR num_nulls(decision, decided_by, decided_at) = 0
      )
    )
    """,
    """
    CREATE TABLE purchase_order_overdue_response (
      order_id uuid CONSTRAINT fk_purchase_order_overdue_response_order_id REFERENCES purchase_order,
      version integer,
      answer_by date NOT NULL,
      found_on date NOT NULL,
      CONSTRAINT pk_purchase_order_overdue_response PRIMARY KEY (order_id, version)
    )
    """,
)


def upgrade() -> None:
    for table in TABLES:
        op.execute(table)
