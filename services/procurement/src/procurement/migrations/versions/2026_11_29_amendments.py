"""Amendments of orders: one that is open an order."""

from alembic import op

revision = "2026_11_29_amendments"
down_revision = "2026_11_29_order_versions_hold"
release = "0.1.0"
phase = "before"

AMENDMENTS = """
CREATE TABLE purchase_order_amendment (
  id uuid CONSTRAINT pk_purchase_order_amendment PRIMARY KEY,
  version integer NOT NULL,
  order_id uuid NOT NULL
    CONSTRAINT fk_purchase_order_amendment_order_id_purchase_order REFERENCES purchase_order,
  status text NOT NULL CONSTRAINT ck_purchase_order_amendment_status
    CHECK (status IN ('draft', 'submitted', 'approved', 'issued', 'withdrawn')),
  based_on integer NOT NULL CONSTRAINT ck_purchase_order_amendment_based_on CHECK (based_on > 0),
  content jsonb NOT NULL,
  cancelled_lines integer[] NOT NULL DEFAULT '{}',
  changed jsonb NOT NULL,
  reason text NOT NULL,
  reason_for_supplier text,
  authors text[] NOT NULL DEFAULT '{}',
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  submitted_by text,
  submitted_at timestamptz,
  order_authors text[],
  supplier_authors text[],
  approved_by text,
  approved_at timestamptz,
  issued_by text,
  issued_at timestamptz,
  issued_version integer,
  withdrawn_by text,
  withdrawn_at timestamptz,
  CONSTRAINT ck_purchase_order_amendment_author_does_not_approve
    CHECK (approved_by IS NULL OR approved_by <> ALL (authors)),
  CONSTRAINT ck_purchase_order_amendment_order_author_does_not_approve
    CHECK (approved_by IS NULL OR approved_by <> ALL (order_authors)),
  CONSTRAINT ck_purchase_order_amendment_supplier_does_not_approve
    CHECK (approved_by IS NULL OR approved_by <> ALL (supplier_authors)),
  CONSTRAINT ck_purchase_order_amendment_approved
    CHECK (approved_by IS NULL OR num_nulls(order_authors, supplier_authors) = 0),
  CONSTRAINT ck_purchase_order_amendment_issued_after_approval
    CHECK ((status = 'issued') = (issued_by IS NOT NULL)
           AND (issued_by IS NULL OR approved_by IS NOT NULL AND issued_version IS NOT NULL))
)
"""


def upgrade() -> None:
    op.execute(AMENDMENTS)
    op.execute(
        "CREATE INDEX ix_purchase_order_amendment_order_id_id ON purchase_order_amendment (order_id, id)"
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_purchase_order_amendment_open ON purchase_order_amendment (order_id)"
        " WHERE status IN ('draft', 'submitted', 'approved')"
    )
