"""Of some lines less than ordered is enough."""

from alembic import op

revision = "2026_11_29_dispensed_lines"
down_revision = "2026_11_29_reversals"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE order_line
          ADD COLUMN dispensed_quantity numeric NOT NULL DEFAULT 0,
          ADD CONSTRAINT ck_order_line_dispensed_quantity CHECK (dispensed_quantity >= 0) NOT VALID
        """
    )
