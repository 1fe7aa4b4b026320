"""What a line's quantities add up to holds for the lines that there are, too."""

from alembic import op

revision = "2026_11_29_line_quantities_hold"
down_revision = "2026_11_29_line_quantities"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    for name in ("refused_for_good_quantity", "cancelled_quantity", "closed_as", "closed"):
        op.execute(f"ALTER TABLE purchase_order_line VALIDATE CONSTRAINT ck_purchase_order_line_{name}")
