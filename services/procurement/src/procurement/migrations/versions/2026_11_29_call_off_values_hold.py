"""What call-offs cost is never below nothing, also that of before."""

from alembic import op

revision = "2026_11_29_call_off_values_hold"
down_revision = "2026_11_29_call_off_values"
release = "0.1.0"
phase = "before"


def upgrade() -> None:
    op.execute("ALTER TABLE blanket_order_line VALIDATE CONSTRAINT ck_blanket_order_line_called_off_value")
