"""How invoices are matched: lines for lines, what keeps them from it, what suppliers call items of ours."""

from alembic import op

from purveyor.migrations.operations import note_changes_of

revision = "2026_11_30_matching"
down_revision = "2026_11_30_intake_lists"
depends_on = "2026_11_29_changes"
release = "0.1.0"
phase = "before"

KINDS = (
    "'unmatched_line', 'unit', 'quantity_against_ordered', 'quantity_against_received', 'missing_receipt', "
    "'price', 'amount', 'over_tax', 'under_tax', 'freight', 'currency', 'duplicate', 'blocked_supplier', "
    "'rule'"
)
ROLES = (
    "'requester', 'buyer', 'approver', 'receiver', 'category-manager', 'quality', 'accounts-payable', "
    "'auditor', 'admin', 'supplier'"
)
TABLES = (
    """
    CREATE TABLE supplier_invoice_match (
      invoice_id uuid
        CONSTRAINT fk_supplier_invoice_match_invoice_id_supplier_invoice REFERENCES supplier_invoice,
      position integer,
      order_id uuid NOT NULL
        CONSTRAINT fk_supplier_invoice_match_order_id_purchase_order REFERENCES purchase_order,
      line_number integer NOT NULL,
      confidence integer NOT NULL CONSTRAINT ck_supplier_invoice_match_confidence
        CHECK (confidence BETWEEN 0 AND 100),
      signs text[] NOT NULL,
      assigned_by text,
      quantity numeric,
      net_amount numeric NOT NULL,
      price_variance numeric,
      order_version integer NOT NULL,
      counts boolean NOT NULL DEFAULT false,
      is_watched boolean NOT NULL DEFAULT true,
      CONSTRAINT pk_supplier_invoice_match PRIMARY KEY (invoice_id, position),
      CONSTRAINT ck_supplier_invoice_match_counts CHECK (NOT counts OR quantity IS NOT NULL)
    )
    """,
    "CREATE INDEX ix_supplier_invoice_match_order_id ON supplier_invoice_match (order_id, line_number)",
    """
    CREATE INDEX ix_supplier_invoice_match_watched
      ON supplier_invoice_match (order_id, order_version) WHERE is_watched
    """,
    f"""
    CREATE TABLE supplier_invoice_exception (
      id uuid CONSTRAINT pk_supplier_invoice_exception PRIMARY KEY,
      invoice_id uuid NOT NULL
        CONSTRAINT fk_supplier_invoice_exception_invoice_id_supplier_invoice REFERENCES supplier_invoice,
      position integer,
      kind text NOT NULL CONSTRAINT ck_supplier_invoice_exception_kind CHECK (kind IN ({KINDS})),
      detail text NOT NULL,
      expected numeric,
      found numeric,
      owner_role text NOT NULL CONSTRAINT ck_supplier_invoice_exception_owner_role
        CHECK (owner_role IN ({ROLES})),
      owner text,
      due_on date NOT NULL,
      found_at timestamptz NOT NULL,
      is_open boolean NOT NULL,
      resolution text CONSTRAINT ck_supplier_invoice_exception_resolution
        CHECK (resolution IN ('accept', 'dispute', 'request_credit', 'wait')),
      reason text,
      resolved_by text,
      resolved_at timestamptz,
      gone_at timestamptz,
      CONSTRAINT ck_supplier_invoice_exception_resolved
        CHECK (num_nulls(resolution, reason, resolved_by, resolved_at) IN (0, 4)),
      CONSTRAINT ck_supplier_invoice_exception_is_open
        CHECK (is_open = (gone_at IS NULL AND resolution IS DISTINCT FROM 'accept'))
    )
    """,
    """
    CREATE UNIQUE INDEX uq_supplier_invoice_exception
      ON supplier_invoice_exception (invoice_id, kind, position) NULLS NOT DISTINCT
    """,
    "CREATE INDEX ix_supplier_invoice_exception_due_on_id ON supplier_invoice_exception (due_on, id)",
    "CREATE INDEX ix_supplier_invoice_exception_kind_id ON supplier_invoice_exception (kind, id)",
    "CREATE INDEX ix_supplier_invoice_exception_owner_role_id ON supplier_invoice_exception (owner_role, id)",
    """
    CREATE INDEX ix_supplier_invoice_exception_open
      ON supplier_invoice_exception (due_on, id) WHERE is_open
    """,
    """
    CREATE TABLE supplier_item_name (
      supplier_id uuid CONSTRAINT fk_supplier_item_name_supplier_id_supplier REFERENCES supplier,
      said text,
      item text NOT NULL,
      learned_by text NOT NULL,
      learned_at timestamptz NOT NULL,
      CONSTRAINT pk_supplier_item_name PRIMARY KEY (supplier_id, said)
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    note_changes_of("supplier_invoice_exception")
    op.execute(
        "CREATE INDEX ix_supplier_invoice_exception_changed_in ON supplier_invoice_exception (changed_in, id)"
    )
