"""What was called off of a line is never less than nothing, also of lines of before."""

from alembic import op

revision = "2026_11_29_amended_lines_hold"
down_revision = "2026_11_29_amended_lines"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE order_line VALIDATE CONSTRAINT ck_order_line_cancelled_quantity")
