"""When invoices were looked at, so that each has its turn, and none that fails keeps others from theirs."""

from alembic import op

revision = "2026_11_30_invoice_looks"
down_revision = "2026_11_30_contracts"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE supplier_invoice_look (
          invoice_id uuid CONSTRAINT pk_supplier_invoice_look PRIMARY KEY
            CONSTRAINT fk_supplier_invoice_look_invoice_id_supplier_invoice REFERENCES supplier_invoice,
          looked_at timestamptz NOT NULL,
          not_before timestamptz
        )
        """
    )
