"""Which company owns a supplier, as sourcing told it last."""

from alembic import op

revision = "2026_11_30_supplier_parents"
down_revision = "2026_11_30_alerts"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE supplier_parent (
          supplier_id uuid NOT NULL,
          parent_id uuid NOT NULL,
          CONSTRAINT pk_supplier_parent PRIMARY KEY (supplier_id)
        )
        """
    )
