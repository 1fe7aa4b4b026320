"""That never less than nothing is dispensed with holds for the lines that there are, too."""

from alembic import op

revision = "2026_11_29_dispensed_lines_hold"
down_revision = "2026_11_29_dispensed_lines"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE order_line VALIDATE CONSTRAINT ck_order_line_dispensed_quantity")
