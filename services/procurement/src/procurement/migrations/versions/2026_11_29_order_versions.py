"""An order that was issued has versions: those that are past are kept, the one in force is the order.

Orders until now were never amended: what they say is their first version.
"""

from alembic import op

revision = "2026_11_29_order_versions"
down_revision = "2026_11_29_stated_lists"
release = "0.1.0"
phase = "before"

ORDERS = """
ALTER TABLE purchase_order
  ADD COLUMN current_version integer NOT NULL DEFAULT 0,
  ADD COLUMN former_approvers text[] NOT NULL DEFAULT '{}',
  ADD COLUMN amended_by text[] NOT NULL DEFAULT '{}',
  ADD COLUMN amended_at timestamptz,
  ADD COLUMN amendment_id uuid,
  ADD COLUMN amendment_reason text,
  ADD COLUMN amendment_reason_for_supplier text
"""
VERSIONS = """
CREATE TABLE purchase_order_version (
  order_id uuid NOT NULL
    CONSTRAINT fk_purchase_order_version_order_id_purchase_order REFERENCES purchase_order,
  number integer NOT NULL CONSTRAINT ck_purchase_order_version_number CHECK (number > 0),
  content jsonb NOT NULL,
  amounts numeric[] NOT NULL,
  authors text[] NOT NULL,
  approved_by text,
  approved_at timestamptz,
  issued_by text NOT NULL,
  issued_at timestamptz NOT NULL,
  acknowledged_on date,
  reason text,
  reason_for_supplier text,
  amendment_id uuid,
  CONSTRAINT pk_purchase_order_version PRIMARY KEY (order_id, number),
  CONSTRAINT ck_purchase_order_version_amendment CHECK ((number = 1) = (amendment_id IS NULL)),
  CONSTRAINT ck_purchase_order_version_author_does_not_approve
    CHECK (approved_by IS NULL OR approved_by <> ALL (authors))
)
"""


def upgrade() -> None:
    op.execute(ORDERS)
    op.execute("UPDATE purchase_order SET current_version = 1 WHERE issued_at IS NOT NULL")
    op.execute("ALTER TABLE purchase_order_line ADD COLUMN dropped_by_version integer")
    op.execute(
        "ALTER TABLE purchase_order_line ADD CONSTRAINT ck_purchase_order_line_dropped_by_version "
        "CHECK (dropped_by_version IS NULL OR closed_as IS NOT NULL) NOT VALID"
    )
    op.execute(
        "ALTER TABLE purchase_order ADD CONSTRAINT ck_purchase_order_amended CHECK "
        "((current_version > 1) = (amendment_id IS NOT NULL)"
        " AND (amendment_id IS NULL) = (amended_at IS NULL)) NOT VALID"
    )
    op.execute(VERSIONS)
