"""Documents that come in are kept as they came, with what became of them."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_29_inbound_documents"
down_revision = "2026_11_29_orders_by_project"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

TABLE = """
CREATE TABLE inbound_document (
  id uuid CONSTRAINT pk_inbound_document PRIMARY KEY,
  version integer NOT NULL,
  sha256 bytea NOT NULL,
  content bytea NOT NULL,
  size integer NOT NULL,
  status text NOT NULL,
  kind text,
  number text,
  issued_on date,
  seller text,
  buyer text,
  supplier_id uuid CONSTRAINT fk_inbound_document_supplier_id_supplier REFERENCES supplier,
  sender_id uuid,
  order_id uuid CONSTRAINT fk_inbound_document_order_id_purchase_order REFERENCES purchase_order,
  reason_code text,
  reason text,
  result text,
  result_id uuid,
  received_on date NOT NULL,
  received_at timestamptz NOT NULL,
  received_by text NOT NULL,
  dismissed_by text,
  dismissed_at timestamptz,
  dismissal_reason text,
  dismissal_reason_for_supplier text,
  CONSTRAINT ck_inbound_document_status CHECK (status IN ('read', 'applied', 'parked', 'dismissed')),
  CONSTRAINT ck_inbound_document_kind CHECK (kind IN (
    'Order', 'OrderChange', 'OrderCancellation', 'ReceiptAdvice', 'OrderResponse', 'DespatchAdvice'
  )),
  CONSTRAINT ck_inbound_document_sha256 CHECK (octet_length(sha256) = 32),
  CONSTRAINT ck_inbound_document_parked CHECK (
    (status IN ('parked', 'dismissed')) = (reason IS NOT NULL)
    AND (reason IS NULL) = (reason_code IS NULL)
  ),
  CONSTRAINT ck_inbound_document_dismissed CHECK (
    (status = 'dismissed') = (dismissed_by IS NOT NULL)
    AND num_nulls(dismissed_by, dismissed_at, dismissal_reason) IN (0, 3)
  ),
  CONSTRAINT ck_inbound_document_applied CHECK ((status = 'applied') = (result_id IS NOT NULL)),
  CONSTRAINT ck_inbound_document_result CHECK ((result_id IS NULL) = (result IS NULL))
)
"""
INDEXES = (
    "CREATE UNIQUE INDEX uq_inbound_document_sha256_sender_id ON inbound_document (sha256, sender_id) "
    "NULLS NOT DISTINCT",
    "CREATE INDEX ix_inbound_document_status_id ON inbound_document (status, id)",
    "CREATE INDEX ix_inbound_document_kind_id ON inbound_document (kind, id)",
    "CREATE INDEX ix_inbound_document_number_id ON inbound_document (number, id)",
    "CREATE INDEX ix_inbound_document_supplier_id_id ON inbound_document (supplier_id, id)",
    "CREATE INDEX ix_inbound_document_sender_id_id ON inbound_document (sender_id, id)",
    "CREATE INDEX ix_inbound_document_order_id_id ON inbound_document (order_id, id)",
    "CREATE INDEX ix_inbound_document_received_on_id ON inbound_document (received_on, id)",
    "CREATE INDEX ix_inbound_document_changed_in ON inbound_document (changed_in, id)",
)


def upgrade() -> None:
    op.execute(TABLE)
    note_changes_of("inbound_document")
    for index in INDEXES:
        op.execute(index)
