"""Orders of the past are imported for suppliers that were imported.

Of suppliers before, those are known to have been imported whose orders were.
"""

from alembic import op

revision = "2026_11_29_imported_suppliers"
down_revision = "2026_11_29_receiving_holds"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE supplier ADD COLUMN imported boolean NOT NULL DEFAULT false")
    op.execute(
        """
        UPDATE supplier SET imported = true
        WHERE EXISTS (SELECT FROM purchase_order AS o WHERE o.supplier_id = supplier.id AND o.imported)
        """
    )
